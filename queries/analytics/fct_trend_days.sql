/*---
table: analytics.fct_trend_days
block: trends
grain: [day]
reads: [core.calendar, core.periods, scenarios.fct_window]
doc: >-
  The days of the series of trends and the period that each falls in: weeks, days for an audit by days, months for an audit by months with 24 complete ones or more. Only complete
  periods within the audited window whose sends have had 7 days for a response before the data end.
columns:
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day in the business zone"}
  - {name: period_day, type: int64, unit: "days since 1970-01-01", doc: "first day of its period"}
  - {name: end_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last of its period"}
  - {name: unit, type: string, doc: "day, week or month"}
---*/
WITH units AS (
  SELECT CASE WHEN MAX(end_day - start_day) = 1 THEN 'day' WHEN MIN(end_day - start_day) >= 28 AND MAX(end_day - start_day) <= 31 AND COUNT(*) >= 24 THEN 'month' ELSE 'week' END AS unit
  FROM core.periods
  WHERE complete
),
days AS (
  SELECT c.day, u.unit, CASE u.unit WHEN 'day' THEN c.day WHEN 'month' THEN c.month_start_day ELSE c.week_start_day END AS period_day
  FROM core.calendar c CROSS JOIN units u
),
starts AS (
  SELECT period_day, unit, LEAD(x_nul(period_day)) OVER (ORDER BY period_day NULLS LAST) AS next_day
  FROM days
  GROUP BY period_day, unit
),
periods AS (
  SELECT period_day, CASE unit WHEN 'day' THEN period_day + 1 WHEN 'week' THEN period_day + 7 ELSE next_day END AS end_day
  FROM starts
)
SELECT d.day, CAST(p.period_day AS INTEGER) AS period_day, CAST(p.end_day AS INTEGER) AS end_day, d.unit
FROM days d
JOIN periods p ON p.period_day = d.period_day
CROSS JOIN scenarios.fct_window w
WHERE p.end_day IS NOT NULL AND p.period_day >= w.from_day AND p.end_day <= w.to_day AND p.end_day + 7 <= w.end_day
