/*---
table: analytics.red_trend_periods
block: trends
grain: [period_day]
reads: [analytics.fct_trend_days, analytics.fct_trend_sample, scenarios.fct_window]
doc: The periods of analytics.fct_trend_days in their order, also those without a message.
max_rows: 20000
columns:
  - {name: period_day, type: int64, unit: "days since 1970-01-01", doc: "first day"}
  - {name: end_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last"}
  - {name: unit, type: string, doc: "day, week or month"}
  - {name: moves_known, type: bool, unit: "1", doc: "the audited window holds 28 days after its end, in which stages are seen to change"}
  - {name: action_buckets, type: int64, unit: "1", doc: "orders and stage moves are counted on the customers of so many of the 100 buckets, analytics.fct_trend_sample"}
---*/
SELECT d.period_day, d.end_day, d.unit, d.end_day + 28 <= w.to_day AS moves_known, CAST(s.action_buckets AS INTEGER) AS action_buckets
FROM (SELECT period_day, end_day, unit FROM analytics.fct_trend_days GROUP BY period_day, end_day, unit) d
CROSS JOIN analytics.fct_trend_sample s
CROSS JOIN scenarios.fct_window w
