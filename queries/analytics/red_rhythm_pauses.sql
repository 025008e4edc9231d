/*---
table: analytics.red_rhythm_pauses
block: rhythm
grain: [part, gap_class, mean_bin, pause_bin, completed]
reads: [analytics.fct_rhythm_customers, lifecycle.fct_order_days]
doc: >-
  Every pause by what was known of the customer's rhythm when it began - his pauses before it. The open ones are the censored part of the model of rhythms; all together show how well the model foresees a pause. Means within the narrow
  cells stand for their pauses, so the width of the cells hardly matters. Logarithms are whole numbers of 1/4096.
max_rows: 1000000
columns:
  - {name: part, type: int64, unit: "1", doc: "bucket of customers / 5, 0..19"}
  - {name: gap_class, type: int64, unit: "1", doc: "pauses before: 0..8 as they are, 9 = 9..12, 10 = 13..20, 11 = 21..40, 12 = more"}
  - {name: mean_bin, type: int64, unit: "1", doc: "mean logarithm of the pauses before in steps of 1/4; 0 without one"}
  - {name: pause_bin, type: int64, unit: "1", doc: "logarithm of the pause in steps of 1/4, from 1 on"}
  - {name: completed, type: bool, unit: "1", doc: "the next order came; else the pause is open at the end of the data"}
  - {name: customers, type: int64, unit: "gaps", doc: "pauses; of the open ones every customer has one"}
  - {name: sum_gaps, type: int64, unit: "gaps", doc: "sum of the numbers of pauses before"}
  - {name: sum_mean, type: int64, unit: "1/4096", doc: "sum of the mean logarithms of the pauses before"}
  - {name: sum_pause, type: int64, unit: "1/4096", doc: "sum of the logarithms of the pauses; of open days + 1/2 where open"}
---*/
WITH gaps AS (
  SELECT ck, number - 2 AS before, CAST(FLOOR(4096 * LN(gap_days) + 0.5) AS BIGINT) AS log_gap
  FROM lifecycle.fct_order_days
  WHERE number > 1
),
pauses AS (
  SELECT ck, before, COALESCE(SUM(log_gap) OVER (PARTITION BY ck ORDER BY before NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS sum_log, log_gap, TRUE AS completed
  FROM gaps
),
every AS (
  SELECT x_idiv(r.bucket, 5) AS part, p.before, x_idiv(CAST(p.sum_log AS BIGINT), GREATEST(p.before, 1)) AS mean_log, p.log_gap, p.completed
  FROM pauses p JOIN analytics.fct_rhythm_customers r ON r.ck = p.ck
  UNION ALL
  SELECT x_idiv(bucket, 5), gaps, x_idiv(sum_log, GREATEST(gaps, 1)), CAST(FLOOR(4096 * LN(open_days + 0.5) + 0.5) AS BIGINT), FALSE
  FROM analytics.fct_rhythm_customers
),
classes AS (
  SELECT part, CASE WHEN before <= 8 THEN before WHEN before <= 12 THEN 9 WHEN before <= 20 THEN 10 WHEN before <= 40 THEN 11 ELSE 12 END AS gap_class, before, mean_log, log_gap, completed
  FROM every
)
SELECT CAST(part AS BIGINT) AS part, CAST(gap_class AS BIGINT) AS gap_class, CAST(x_idiv(mean_log, 1024) AS BIGINT) AS mean_bin, CAST(x_idiv(log_gap + 4096, 1024) AS BIGINT) AS pause_bin, completed,
  COUNT(*) AS customers, SUM(before) AS sum_gaps, SUM(mean_log) AS sum_mean, SUM(log_gap) AS sum_pause
FROM classes
GROUP BY part, gap_class, x_idiv(mean_log, 1024), x_idiv(log_gap + 4096, 1024), completed
