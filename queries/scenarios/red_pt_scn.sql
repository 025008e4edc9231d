/*---
table: scenarios.red_pt_scn
block: overlap
grain: [sk, cell, unit, bucket]
reads: [scenarios.fct_chain_spans, scenarios.red_overlap_grid]
doc: Customer time in scenarios by stratum, as changes in the way of scenarios.red_pt.
max_rows: 6000000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: cell, type: int64, unit: "1", doc: "cell of scenarios.fct_strata"}
  - {name: unit, type: int64, unit: "1", doc: "calendar step of scenarios.red_overlap_grid, from 0"}
  - {name: bucket, type: int64, unit: "1", doc: "half of the customer bucket: 0..49"}
  - {name: begun, type: int64, unit: "spans", doc: "spans that begin in the step minus those that end in it"}
  - {name: seconds, type: int64, unit: "customer-seconds", doc: "rest of the step after each begin minus rest of the step after each end"}
---*/
WITH ends AS (
  SELECT s.sk, s.cell, s.bucket, CAST(1 AS INTEGER) AS n, s.from_sec - g.start_sec AS sec, g.unit_days * 86400 AS step
  FROM scenarios.fct_chain_spans s CROSS JOIN scenarios.red_overlap_grid g
  UNION ALL
  SELECT s.sk, s.cell, s.bucket, CAST(-1 AS INTEGER), s.to_sec - g.start_sec, g.unit_days * 86400
  FROM scenarios.fct_chain_spans s CROSS JOIN scenarios.red_overlap_grid g
),
keyed AS (
  SELECT ((CAST(sk AS BIGINT) * 16 + cell) * 4096 + x_idiv(sec, step)) * 64 + bucket AS k, n, n * ((x_idiv(sec, step) + 1) * step - sec) AS seconds
  FROM ends
),
totals AS (
  SELECT k, SUM(n) AS begun, SUM(seconds) AS seconds FROM keyed GROUP BY k
)
SELECT CAST(x_idiv(k, 4194304) AS INTEGER) AS sk, CAST(x_idiv(k, 262144) - 16 * x_idiv(k, 4194304) AS INTEGER) AS cell,
  CAST(x_idiv(k, 64) - 4096 * x_idiv(k, 262144) AS INTEGER) AS unit, CAST(k - 64 * x_idiv(k, 64) AS INTEGER) AS bucket,
  CAST(begun AS BIGINT) AS begun, CAST(seconds AS BIGINT) AS seconds
FROM totals
WHERE begun <> 0 OR seconds <> 0
