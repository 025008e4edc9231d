/*---
table: analytics.red_attribution
block: metrics
grain: [cell]
reads: [core.calendar, core.orders, core.periods, analytics.fct_attributions, analytics.fct_message_cells]
doc: >-
  Orders placed in the complete periods by the kind of message that they are credited to, with windows of half, full and double length; cell 0 is all orders, credited or not. Counted by the day of
  the order, analytics.metrics by the day of the send.
max_rows: 100000
columns:
  - {name: cell, type: int64, unit: "1", doc: "analytics.red_message_cells.cell; 0 for all orders"}
  - {name: orders_half, type: int64, unit: "orders", doc: "credited within half the window"}
  - {name: orders, type: int64, unit: "orders", doc: "credited within the window"}
  - {name: orders_double, type: int64, unit: "orders", doc: "credited within twice the window"}
  - {name: revenue_half, type: int64, unit: minor, doc: "their revenue, half the window"}
  - {name: revenue, type: int64, unit: minor, doc: "their revenue, the window"}
  - {name: revenue_double, type: int64, unit: minor, doc: "their revenue, twice the window"}
---*/
WITH days AS (
  SELECT c.day
  FROM core.calendar c JOIN core.periods p ON p.period = c.period AND p.complete
),
credits AS (
  SELECT a.touch_half, a.touch, a.touch_double, a.orders, a.revenue_minor
  FROM analytics.fct_attributions a JOIN days d ON d.day = a.day
),
touches AS (
  SELECT 1 AS size, touch_half AS touch, orders, revenue_minor FROM credits WHERE touch_half IS NOT NULL
  UNION ALL
  SELECT 2, touch, orders, revenue_minor FROM credits WHERE touch IS NOT NULL
  UNION ALL
  SELECT 3, touch_double, orders, revenue_minor FROM credits
),
cells AS (
  SELECT size, x_idiv(touch - 1073741824 * x_idiv(touch, 1073741824), 1024) AS cell, orders, revenue_minor FROM touches
)
SELECT CAST(k.cell AS BIGINT) AS cell, SUM(CASE WHEN c.size = 1 THEN c.orders ELSE 0 END) AS orders_half, SUM(CASE WHEN c.size = 2 THEN c.orders ELSE 0 END) AS orders,
  SUM(CASE WHEN c.size = 3 THEN c.orders ELSE 0 END) AS orders_double, SUM(CASE WHEN c.size = 1 THEN c.revenue_minor ELSE 0 END) AS revenue_half,
  SUM(CASE WHEN c.size = 2 THEN c.revenue_minor ELSE 0 END) AS revenue, SUM(CASE WHEN c.size = 3 THEN c.revenue_minor ELSE 0 END) AS revenue_double
FROM cells c JOIN analytics.fct_message_cells k ON k.cell = c.cell
GROUP BY k.cell
UNION ALL
SELECT 0, COUNT(*), COUNT(*), COUNT(*), COALESCE(SUM(o.revenue_minor), 0), COALESCE(SUM(o.revenue_minor), 0), COALESCE(SUM(o.revenue_minor), 0)
FROM core.orders o JOIN days d ON d.day = o.day
