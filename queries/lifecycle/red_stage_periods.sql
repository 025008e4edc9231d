/*---
table: lifecycle.red_stage_periods
grain: [period, stage, bucket]
reads: [lifecycle.fct_grid, lifecycle.fct_stage_runs]
doc: Customers by stage at the end of each complete period, burn-in periods included. Counted from the ends of the runs, never customer by period.
max_rows: 4000000
columns:
  - {name: period, type: int64, unit: "1", doc: "period of core.periods"}
  - {name: stage, type: string, doc: "stage at the end of the period"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "customers", doc: "customers, at least 1"}
---*/
WITH ends AS (
  SELECT stage, bucket, first_period AS period, COUNT(*) AS n
  FROM lifecycle.fct_stage_runs
  GROUP BY stage, bucket, first_period
  UNION ALL
  SELECT stage, bucket, last_period + 1, - COUNT(*)
  FROM lifecycle.fct_stage_runs
  GROUP BY stage, bucket, last_period
),
cells AS (
  SELECT stage, bucket FROM ends GROUP BY stage, bucket
),
steps AS (
  SELECT stage, bucket, period, SUM(n) AS n FROM ends GROUP BY stage, bucket, period
),
grid AS (
  SELECT g.period, c.stage, c.bucket, SUM(COALESCE(s.n, 0)) OVER (PARTITION BY c.stage, c.bucket ORDER BY g.period NULLS LAST) AS n
  FROM lifecycle.fct_grid g
  CROSS JOIN cells c
  LEFT JOIN steps s ON s.stage = c.stage AND s.bucket = c.bucket AND s.period = g.period
  WHERE g.in_panel
)
SELECT CAST(period AS BIGINT) AS period, stage, CAST(bucket AS BIGINT) AS bucket, CAST(n AS BIGINT) AS n
FROM grid
WHERE n > 0
