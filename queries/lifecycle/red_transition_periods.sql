/*---
table: lifecycle.red_transition_periods
grain: [period, from_stage, to_stage, bucket]
reads: [lifecycle.fct_grid, lifecycle.fct_stage_runs]
doc: >-
  Moves from one complete period to the next, stays included. Burn-in periods and the last period, which has no successor, are not here.
  Moves are counted at the ends of runs, stays from the difference of their ends, never customer by period.
max_rows: 8000000
columns:
  - {name: period, type: int64, unit: "1", doc: "period whose end is the start of the move"}
  - {name: from_stage, type: string, doc: "stage at its end"}
  - {name: to_stage, type: string, doc: "stage one period later"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "customers", doc: "customers, at least 1"}
---*/
WITH ends AS (
  SELECT stage, bucket, clean_first AS period, COUNT(*) AS n
  FROM lifecycle.fct_stage_runs
  WHERE last_period > clean_first
  GROUP BY stage, bucket, clean_first
  UNION ALL
  SELECT stage, bucket, last_period, - COUNT(*)
  FROM lifecycle.fct_stage_runs
  WHERE last_period > clean_first
  GROUP BY stage, bucket, last_period
),
cells AS (
  SELECT stage, bucket FROM ends GROUP BY stage, bucket
),
steps AS (
  SELECT stage, bucket, period, SUM(n) AS n FROM ends GROUP BY stage, bucket, period
),
stays AS (
  SELECT g.period, c.stage, c.bucket, SUM(COALESCE(s.n, 0)) OVER (PARTITION BY c.stage, c.bucket ORDER BY g.period NULLS LAST) AS n
  FROM lifecycle.fct_grid g
  CROSS JOIN cells c
  LEFT JOIN steps s ON s.stage = c.stage AND s.bucket = c.bucket AND s.period = g.period
  WHERE g.in_panel
)
SELECT CAST(period AS BIGINT) AS period, stage AS from_stage, stage AS to_stage, CAST(bucket AS BIGINT) AS bucket, CAST(n AS BIGINT) AS n
FROM stays
WHERE n > 0
UNION ALL
SELECT CAST(last_period AS BIGINT), stage, next_stage, CAST(bucket AS BIGINT), COUNT(*)
FROM lifecycle.fct_stage_runs
WHERE next_stage IS NOT NULL AND clean_first IS NOT NULL
GROUP BY last_period, stage, next_stage, bucket
