/*---
table: lifecycle.fct_customer_moves
grain: [ck, from_stage, to_stage]
reads: [lifecycle.fct_stage_runs]
doc: Moves and stays of each customer over the whole panel without burn-in. Their sums over groups of customers are the transition counts.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: from_stage, type: string, doc: "stage at the end of a period"}
  - {name: to_stage, type: string, doc: "stage one period later"}
  - {name: n, type: int64, unit: "customer-periods", doc: "how often, at least 1"}
---*/
WITH moves AS (
  SELECT ck, bucket, stage AS from_stage, stage AS to_stage, last_period - clean_first AS n
  FROM lifecycle.fct_stage_runs
  WHERE last_period > clean_first
  UNION ALL
  SELECT ck, bucket, stage, next_stage, 1
  FROM lifecycle.fct_stage_runs
  WHERE next_stage IS NOT NULL AND clean_first IS NOT NULL
)
SELECT ck, bucket, from_stage, to_stage, CAST(SUM(n) AS INTEGER) AS n
FROM moves
GROUP BY ck, bucket, from_stage, to_stage
