/*---
table: analytics.red_order_hours
block: rhythm
grain: [weekday, hour, bucket]
reads: [analytics.fct_order_times, lifecycle.fct_order_days, scenarios.fct_window]
doc: Order days by weekday and hour of their first order in the business zone, over the last whole weeks of the data, so that every weekday has the same number of days.
max_rows: 20000
columns:
  - {name: weekday, type: int64, unit: "1", doc: "1 Monday to 7 Sunday"}
  - {name: hour, type: int64, unit: "1", doc: "hour of the day, 0..23"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: orders, type: int64, unit: "order days", doc: "order days"}
  - {name: sharp, type: int64, unit: "order days", doc: "of them with a time on the full hour: nearly all means that the source gives only the day"}
---*/
WITH weeks AS (
  SELECT MAX(w.end_day) AS end_day, MAX(w.end_day) - 7 * x_idiv(MAX(w.end_day) - MIN(o.day), 7) AS from_day
  FROM lifecycle.fct_order_days o CROSS JOIN scenarios.fct_window w
)
SELECT CAST(t.weekday AS BIGINT) AS weekday, CAST(t.hour AS BIGINT) AS hour, CAST(t.bucket AS BIGINT) AS bucket, COUNT(*) AS orders, SUM(CASE WHEN t.sharp THEN 1 ELSE 0 END) AS sharp
FROM analytics.fct_order_times t JOIN weeks w ON t.day >= w.from_day AND t.day < w.end_day
GROUP BY t.weekday, t.hour, t.bucket
