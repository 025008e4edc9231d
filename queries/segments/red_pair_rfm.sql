/*---
table: segments.red_pair_rfm
block: pairs
grain: [cell, bucket]
reads: [segments.fct_pair_customers, segments.red_pair_window]
doc: >-
  Behaviour in the windows by cells of recency, frequency and money on the day before: what a plain RFM grid of 81 cells knows of the next weeks. Frequency 1, 2, 3, 4 and more orders; recency up to 14, 30,
  60, 120 days and longer; money up to a half, one and two times the mean of all buyers, and more. Nothing is fitted to the data.
max_rows: 10000
columns:
  - {name: cell, type: int64, unit: "1", doc: "100 x frequency + 10 x recency + money, each from 1; 0 without orders"}
  - {name: bucket, type: int64, unit: "1", doc: "group of customers, 0 to buckets - 1 of segments.red_pair_scope"}
  - {name: n, type: int64, unit: "customer-windows", doc: "customers before a window, all windows"}
  - {name: ordered, type: int64, unit: "customers", doc: "of them with an order in the window"}
  - {name: revenue, type: int64, unit: "units", doc: "order value in the window"}
  - {name: revenue2, type: int64, unit: "units^2", doc: "sum of its squares"}
---*/
WITH buyers AS (
  SELECT COUNT(*) AS n, CAST(SUM(revenue_before_minor) AS BIGINT) AS revenue_minor FROM segments.fct_pair_customers WHERE orders_before > 0
),
placed AS (
  SELECT c.bucket, c.ordered, c.revenue,
    CASE WHEN c.orders_before = 0 THEN 0 ELSE 100 * LEAST(c.orders_before, 4)
      + 10 * CASE WHEN w.day - c.last_order_day < 14 THEN 1 WHEN w.day - c.last_order_day < 30 THEN 2 WHEN w.day - c.last_order_day < 60 THEN 3 WHEN w.day - c.last_order_day < 120 THEN 4 ELSE 5 END
      + CASE WHEN 2 * c.revenue_before_minor <= x_idiv(b.revenue_minor, b.n) THEN 1 WHEN c.revenue_before_minor <= x_idiv(b.revenue_minor, b.n) THEN 2
          WHEN c.revenue_before_minor <= 2 * x_idiv(b.revenue_minor, b.n) THEN 3 ELSE 4 END END AS cell
  FROM segments.fct_pair_customers c JOIN segments.red_pair_window w ON w.number = c.unit - 16 * CAST(c.ck AS BIGINT) CROSS JOIN buyers b
)
SELECT CAST(cell AS INTEGER) AS cell, bucket, COUNT(*) AS n, CAST(SUM(ordered) AS BIGINT) AS ordered, CAST(SUM(revenue) AS BIGINT) AS revenue,
  CAST(SUM(CAST(revenue AS BIGINT) * revenue) AS BIGINT) AS revenue2
FROM placed
GROUP BY cell, bucket
