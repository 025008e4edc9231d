/*---
table: analytics.red_order_month_days
block: rhythm
grain: [month_length, month_day, bucket]
reads: [analytics.fct_order_times, core.calendar, lifecycle.fct_order_days, scenarios.fct_window]
doc: Order days by the day of the month, over whole months of the data.
max_rows: 15000
columns:
  - {name: month_length, type: int64, unit: "days", doc: "days of the month, 28..31"}
  - {name: month_day, type: int64, unit: "1", doc: "day of the month, 1..31"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: orders, type: int64, unit: "order days", doc: "order days"}
---*/
WITH span AS (
  SELECT MIN(o.day) AS first_day, MAX(w.end_day) AS end_day FROM lifecycle.fct_order_days o CROSS JOIN scenarios.fct_window w
),
months AS (
  SELECT month_start_day, MAX(day) - month_start_day + 1 AS length, LEAD(x_nul(month_start_day)) OVER (ORDER BY month_start_day NULLS LAST) AS next_start
  FROM core.calendar
  GROUP BY month_start_day
),
whole AS (
  SELECT m.month_start_day, m.length
  FROM months m JOIN span s ON m.month_start_day >= s.first_day AND m.month_start_day + m.length <= s.end_day
  WHERE m.next_start IS NOT NULL OR m.length = 31 -- whether the last month of the calendar is over is known only of one with 31 days
)
SELECT CAST(h.length AS BIGINT) AS month_length, CAST(t.day - h.month_start_day + 1 AS BIGINT) AS month_day, CAST(t.bucket AS BIGINT) AS bucket, COUNT(*) AS orders
FROM analytics.fct_order_times t
JOIN core.calendar c ON c.day = t.day
JOIN whole h ON h.month_start_day = c.month_start_day
GROUP BY h.length, t.day - h.month_start_day + 1, t.bucket
