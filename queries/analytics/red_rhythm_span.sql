/*---
table: analytics.red_rhythm_span
block: rhythm
grain: [first_day]
reads: [lifecycle.fct_order_days, scenarios.fct_window]
doc: From the first order day to the end of the data. One row; none without orders.
max_rows: 1
columns:
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "first order day of all"}
  - {name: end_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last loaded one"}
---*/
SELECT CAST(MIN(o.day) AS BIGINT) AS first_day, CAST(MAX(w.end_day) AS BIGINT) AS end_day
FROM lifecycle.fct_order_days o CROSS JOIN scenarios.fct_window w
HAVING COUNT(*) > 0
