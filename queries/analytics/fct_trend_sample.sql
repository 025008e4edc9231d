/*---
table: analytics.fct_trend_sample
block: trends
grain: [action_buckets]
reads: [analytics.fct_trend_days, core.messages]
doc: >-
  How many of the 100 customer buckets are followed from a message to orders and to the next stage, one row: all up to 5 million messages of the series, else as many as hold
  about that number. Everything else is counted on all messages.
columns:
  - {name: action_buckets, type: int64, unit: "1", doc: "buckets 0 to action_buckets - 1 are followed"}
---*/
SELECT CAST(GREATEST(1, LEAST(100, x_idiv(500000000, GREATEST(COUNT(m.sent_day), 1)))) AS INTEGER) AS action_buckets
FROM (SELECT MIN(day) AS first_day, MAX(day) AS last_day FROM analytics.fct_trend_days) d
LEFT JOIN core.messages m ON m.sent_day >= d.first_day AND m.sent_day <= d.last_day
