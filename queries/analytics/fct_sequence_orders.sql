/*---
table: analytics.fct_sequence_orders
block: bundles
grain: [b]
reads: [analytics.fct_baskets, scenarios.fct_stage_days, scenarios.fct_window]
doc: >-
  Orders of the audited window as possible beginnings: after which the next 90 days are looked at, in three parts of 30 days, those parts that end by the end of the window. Orders alike in cell are compared.
columns:
  - {name: b, type: int64, unit: "1", doc: "basket"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket / 4: 0..24"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the order"}
  - {name: cell, type: int64, unit: "1", doc: "18 x stage in force (scenarios.fct_stages.st, 0 when there is none) + 6 x orders so far (0 none, 1 one or two, 2 more) + 2 x days since the last one (0 none or below 30, 1 below 91, 2 more) + products in the order (0 one, 1 more)"}
  - {name: seen, type: int64, unit: "1", doc: "parts of 30 days that were seen to their end: 1, 2 or 3"}
---*/
WITH orders AS (
  SELECT b, ck, bucket, day, products, counted, ROW_NUMBER() OVER w AS number, day - LAG(x_nul(day)) OVER w AS gap
  FROM analytics.fct_baskets
  WINDOW w AS (PARTITION BY ck ORDER BY day NULLS LAST, b NULLS LAST)
)
SELECT o.b, o.ck, CAST(x_idiv(o.bucket, 4) AS INTEGER) AS bucket, o.day,
  CAST(18 * COALESCE(s.st, 0) + 6 * CASE WHEN o.number = 1 THEN 0 WHEN o.number <= 3 THEN 1 ELSE 2 END
    + 2 * CASE WHEN o.number = 1 OR o.gap < 30 THEN 0 WHEN o.gap < 91 THEN 1 ELSE 2 END + LEAST(o.products, 2) - 1 AS INTEGER) AS cell,
  CAST(LEAST(3, x_idiv(w.to_day - 1 - o.day, 30)) AS INTEGER) AS seen
FROM orders o
CROSS JOIN scenarios.fct_window w
LEFT JOIN scenarios.fct_stage_days s ON s.ck = o.ck AND s.from_day <= o.day AND s.to_day > o.day
WHERE o.counted AND o.day + 30 < w.to_day
