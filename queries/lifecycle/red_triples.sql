/*---
table: lifecycle.red_triples
grain: [prev_stage, from_stage, to_stage, bucket]
reads: [lifecycle.fct_panel, lifecycle.fct_stage_runs]
doc: Customer-periods by the stages at the ends of three neighbouring complete periods, none of them burn-in; from_stage is the middle one.
max_rows: 4000000
columns:
  - {name: prev_stage, type: string, doc: "stage one period before"}
  - {name: from_stage, type: string, doc: "stage at the end of a period"}
  - {name: to_stage, type: string, doc: "stage one period later"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "customer-periods", doc: "how often, at least 1"}
---*/
WITH runs AS (
  SELECT r.bucket, r.stage, r.next_stage, r.last_period - r.clean_first + 1 AS length,
    CASE WHEN r.first_period > p.first_period AND r.first_period > p.clean_first THEN r.prev_stage END AS before
  FROM lifecycle.fct_stage_runs r CROSS JOIN lifecycle.fct_panel p
  WHERE r.clean_first IS NOT NULL
),
triples AS (
  SELECT stage AS prev_stage, stage AS from_stage, stage AS to_stage, bucket, length - 2 AS n FROM runs WHERE length > 2
  UNION ALL
  SELECT before, stage, stage, bucket, 1 FROM runs WHERE length > 1 AND before IS NOT NULL
  UNION ALL
  SELECT stage, stage, next_stage, bucket, 1 FROM runs WHERE length > 1 AND next_stage IS NOT NULL
  UNION ALL
  SELECT before, stage, next_stage, bucket, 1 FROM runs WHERE length = 1 AND before IS NOT NULL AND next_stage IS NOT NULL
)
SELECT prev_stage, from_stage, to_stage, CAST(bucket AS BIGINT) AS bucket, CAST(SUM(n) AS BIGINT) AS n
FROM triples
GROUP BY prev_stage, from_stage, to_stage, bucket
