/*---
table: lifecycle.red_kstep
grain: [h, from_stage, to_stage, bucket]
reads: [lifecycle.fct_stage_runs]
doc: >-
  Direct counts h periods ahead: customers in from_stage at the end of a period and in to_stage at the end of the one h later, whatever lay
  between, both complete and not burn-in. Valid whether or not the stages are Markov.
max_rows: 4000000
columns:
  - {name: h, type: int64, unit: "periods", doc: "horizon: 2, 4, 8 or 13"}
  - {name: from_stage, type: string, doc: "stage at the end of a period"}
  - {name: to_stage, type: string, doc: "stage h periods later"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "customer-periods", doc: "how often, at least 1"}
---*/
WITH pairs AS (
  SELECT a.stage AS from_stage, b.stage AS to_stage, a.bucket,
    SUM(GREATEST(LEAST(a.last_period, b.last_period - 2) - GREATEST(a.clean_first, b.clean_first - 2) + 1, 0)) AS n2,
    SUM(GREATEST(LEAST(a.last_period, b.last_period - 4) - GREATEST(a.clean_first, b.clean_first - 4) + 1, 0)) AS n4,
    SUM(GREATEST(LEAST(a.last_period, b.last_period - 8) - GREATEST(a.clean_first, b.clean_first - 8) + 1, 0)) AS n8,
    SUM(GREATEST(LEAST(a.last_period, b.last_period - 13) - GREATEST(a.clean_first, b.clean_first - 13) + 1, 0)) AS n13
  FROM lifecycle.fct_stage_runs a
  JOIN lifecycle.fct_stage_runs b ON b.ck = a.ck AND b.first_period >= a.first_period AND b.clean_first <= a.last_period + 13
  WHERE a.clean_first IS NOT NULL
  GROUP BY a.stage, b.stage, a.bucket
),
long AS (
  SELECT 2 AS h, from_stage, to_stage, bucket, n2 AS n FROM pairs
  UNION ALL
  SELECT 4, from_stage, to_stage, bucket, n4 FROM pairs
  UNION ALL
  SELECT 8, from_stage, to_stage, bucket, n8 FROM pairs
  UNION ALL
  SELECT 13, from_stage, to_stage, bucket, n13 FROM pairs
)
SELECT CAST(h AS BIGINT) AS h, from_stage, to_stage, CAST(bucket AS BIGINT) AS bucket, CAST(n AS BIGINT) AS n
FROM long
WHERE n > 0
