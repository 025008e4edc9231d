/*---
table: scenarios.red_rct
block: effects
grain: [sk, experiment_id, outcome, treated, bucket]
reads: [scenarios.fct_holdout_outcomes]
doc: >-
  Randomized arms by outcome: sums over assigned customers of the outcome y, of the same behaviour before the assignment x, and of their products. All are whole numbers of unit_minor
  minor units for money (values are cut to whole units, of which no customer has more than 2^22, so that no sum overflows) and of customers for the rest.
max_rows: 2000000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: experiment_id, type: string, doc: "experiment; empty for the control arm of enrolments"}
  - {name: outcome, type: string, doc: "better_stage, order, revenue, revenue_winsorised (at the pooled 99.9 % point of order value before the assignment), unsubscribe"}
  - {name: treated, type: bool, unit: "1", doc: "arm"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: unit_minor, type: int64, unit: "minor currency units", doc: "what one unit of y and x is; 1 for shares"}
  - {name: n, type: int64, unit: "customers", doc: "assigned"}
  - {name: y, type: int64, unit: "units", doc: "sum of the outcome"}
  - {name: x, type: int64, unit: "units", doc: "sum of the covariate"}
  - {name: yy, type: int64, unit: "units^2", doc: "sum of squares of the outcome"}
  - {name: xx, type: int64, unit: "units^2", doc: "sum of squares of the covariate"}
  - {name: yx, type: int64, unit: "units^2", doc: "sum of their products"}
---*/
WITH scales AS (
  SELECT sk, experiment_id, 1 + x_idiv(GREATEST(MAX(revenue_minor), MAX(before_minor), 0 - MIN(revenue_minor), 0 - MIN(before_minor)), 4194304) AS unit_minor
  FROM scenarios.fct_holdout_outcomes
  GROUP BY sk, experiment_id
),
placed AS (
  SELECT sk, experiment_id, before_minor, ROW_NUMBER() OVER (PARTITION BY sk, experiment_id ORDER BY before_minor DESC NULLS LAST) AS place,
    COUNT(*) OVER (PARTITION BY sk, experiment_id) AS n
  FROM scenarios.fct_holdout_outcomes
),
caps AS (
  SELECT sk, experiment_id, MAX(before_minor) AS cap FROM placed WHERE place = x_idiv(n, 1000) + 1 AND before_minor > 0 GROUP BY sk, experiment_id
),
units AS (
  SELECT sk, experiment_id, 'order' AS outcome, treated, bucket, 1 AS unit_minor, CAST(ordered AS BIGINT) AS y, CAST(ordered_before AS BIGINT) AS x FROM scenarios.fct_holdout_outcomes
  UNION ALL
  SELECT sk, experiment_id, 'better_stage', treated, bucket, 1, better, ordered_before FROM scenarios.fct_holdout_outcomes WHERE better IS NOT NULL
  UNION ALL
  SELECT sk, experiment_id, 'unsubscribe', treated, bucket, 1, unsubscribed, 0 FROM scenarios.fct_holdout_outcomes
  UNION ALL
  SELECT o.sk, o.experiment_id, 'revenue', o.treated, o.bucket, s.unit_minor, x_idiv(o.revenue_minor, s.unit_minor), x_idiv(o.before_minor, s.unit_minor)
  FROM scenarios.fct_holdout_outcomes o JOIN scales s ON s.sk = o.sk AND s.experiment_id = o.experiment_id
  UNION ALL
  SELECT o.sk, o.experiment_id, 'revenue_winsorised', o.treated, o.bucket, s.unit_minor, x_idiv(LEAST(o.revenue_minor, c.cap), s.unit_minor), x_idiv(LEAST(o.before_minor, c.cap), s.unit_minor)
  FROM scenarios.fct_holdout_outcomes o JOIN scales s ON s.sk = o.sk AND s.experiment_id = o.experiment_id JOIN caps c ON c.sk = o.sk AND c.experiment_id = o.experiment_id
)
SELECT sk, experiment_id, outcome, treated, bucket, CAST(unit_minor AS BIGINT) AS unit_minor, COUNT(*) AS n, CAST(SUM(y) AS BIGINT) AS y, CAST(SUM(x) AS BIGINT) AS x,
  CAST(SUM(y * y) AS BIGINT) AS yy, CAST(SUM(x * x) AS BIGINT) AS xx, CAST(SUM(y * x) AS BIGINT) AS yx
FROM units
GROUP BY sk, experiment_id, outcome, treated, bucket, unit_minor
