/*---
table: lifecycle.red_stage_customers
grain: [stage, bucket]
reads: [lifecycle.fct_stage_runs]
doc: Customers who were in the stage in at least one period outside burn-in. They are the sampling unit of everything that is said about the stage.
max_rows: 100000
columns:
  - {name: stage, type: string, doc: "stage"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "customers ever in the stage"}
---*/
WITH seen AS (
  SELECT stage, bucket, ck FROM lifecycle.fct_stage_runs WHERE clean_first IS NOT NULL GROUP BY stage, bucket, ck
)
SELECT stage, CAST(bucket AS BIGINT) AS bucket, COUNT(*) AS customers
FROM seen
GROUP BY stage, bucket
