/*---
table: analytics.red_pipeline_closings
block: pipeline
grain: [grouping, group_value, month_start_day, kind, cause, age, bucket]
reads: [analytics.fct_deal_ages, analytics.fct_deal_groups, scenarios.fct_window]
doc: >-
  Life tables of deals from the first row to the closing. Grouping all: the deals open at some time in the audited period, by days. Grouping month: all deals that began in a month of the
  period or of the year before it, by days. Groupings owner and source: those of all, by weeks.
max_rows: 6000000
columns:
  - {name: grouping, type: string, doc: "all, month, owner or source"}
  - {name: group_value, type: string, doc: "owner or source, empty when not known; empty for all and month"}
  - {name: month_start_day, type: int64, unit: day, doc: "the month of grouping month, days since 1970-01-01; 0 for the others"}
  - {name: kind, type: string, doc: "enter: at risk from this age on; exit: closed at this age; lost: censored after this age"}
  - {name: cause, type: string, doc: "won or lost; empty for enter and lost"}
  - {name: age, type: int64, unit: "days or weeks", doc: "age, rounded up"}
  - {name: bucket, type: int64, unit: "1", doc: "bucket, 0..99"}
  - {name: n, type: int64, unit: deals, doc: "deals"}
---*/
WITH placed AS (
  SELECT 'all' AS grouping, '' AS group_value, 0 AS month_start_day, entry, age, cause, bucket FROM analytics.fct_deal_ages WHERE entry > 0 AND age >= entry
  UNION ALL
  SELECT 'month', '', a.month_start_day, 1, a.age, a.cause, a.bucket
  FROM analytics.fct_deal_ages a CROSS JOIN scenarios.fct_window w
  WHERE a.month_start_day >= w.from_day - 366 AND a.age >= 1
  UNION ALL
  SELECT g.grouping, g.group_value, 0, x_idiv(a.entry + 5, 7) + 1, CASE WHEN a.cause = 'open' THEN x_idiv(a.age, 7) ELSE x_idiv(a.age + 6, 7) END, a.cause, a.bucket
  FROM analytics.fct_deal_ages a JOIN analytics.fct_deal_groups g ON g.dk = a.dk
  WHERE a.entry > 0 AND a.age >= a.entry
),
kept AS (
  SELECT grouping, group_value, month_start_day, entry, age, cause, bucket FROM placed WHERE age >= entry
)
SELECT grouping, group_value, month_start_day, 'enter' AS kind, '' AS cause, entry AS age, bucket, COUNT(*) AS n
FROM kept
GROUP BY grouping, group_value, month_start_day, entry, bucket
UNION ALL
SELECT grouping, group_value, month_start_day, CASE WHEN cause = 'open' THEN 'lost' ELSE 'exit' END AS kind, CASE WHEN cause = 'open' THEN '' ELSE cause END AS cause, age, bucket, COUNT(*) AS n
FROM kept
GROUP BY grouping, group_value, month_start_day, cause, age, bucket
