/*---
table: lifecycle.fct_order_gaps
grain: [ck, day]
reads: [lifecycle.fct_order_days, core.cfg_lifecycle]
doc: >-
  Median of the customer's gaps between order days up to each order day. Empty unless a stage rule uses median_gap_days or overdue_ratio;
  lifecycle.customer_periods computes it on demand from lifecycle.order_gaps.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "order day, the second or later"}
  - {name: until_day, type: int64, unit: "days since 1970-01-01", doc: "the next order day, 1000000 when there is none"}
  - {name: median_gap_days, type: float64, unit: "days", doc: "median gap between neighbouring order days up to this one"}
---*/
WITH pairs AS (
  SELECT a.ck, a.day, a.until_day, b.gap_days, a.number - 1 AS gaps,
    ROW_NUMBER() OVER (PARTITION BY a.ck, a.day ORDER BY b.gap_days NULLS LAST, b.day NULLS LAST) AS place
  FROM lifecycle.fct_order_days a
  JOIN core.cfg_lifecycle c ON c.gaps
  JOIN lifecycle.fct_order_days b ON b.ck = a.ck AND b.day <= a.day AND b.number > 1
  WHERE a.number > 1
)
SELECT ck, day, until_day, AVG(gap_days) AS median_gap_days
FROM pairs
WHERE place = x_idiv(gaps + 1, 2) OR place = x_idiv(gaps + 2, 2)
GROUP BY ck, day, until_day
