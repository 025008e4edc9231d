/*---
table: scenarios.red_pt
block: overlap
grain: [cell, unit, bucket]
reads: [scenarios.red_overlap_grid, scenarios.fct_strata, scenarios.fct_strata_spans]
doc: >-
  Customer time by stratum (cell x calendar step), as changes: the time of a stratum is seconds + length of the step x all begun of earlier steps
  of the same cell and bucket.
max_rows: 500000
columns:
  - {name: cell, type: int64, unit: "1", doc: "cell of scenarios.fct_strata"}
  - {name: unit, type: int64, unit: "1", doc: "calendar step of scenarios.red_overlap_grid, from 0"}
  - {name: bucket, type: int64, unit: "1", doc: "half of the customer bucket: 0..49"}
  - {name: begun, type: int64, unit: "spans", doc: "spans that begin in the step minus those that end in it: how many more go on into the next one"}
  - {name: seconds, type: int64, unit: "customer-seconds", doc: "rest of the step after each begin minus rest of the step after each end"}
---*/
WITH ends AS (
  SELECT c.cell, s.bucket, s.from_sec - g.start_sec AS sec, 1 AS n
  FROM scenarios.fct_strata_spans s JOIN scenarios.fct_strata c ON c.code = s.code CROSS JOIN scenarios.red_overlap_grid g
  UNION ALL
  SELECT c.cell, s.bucket, s.to_sec - g.start_sec, -1
  FROM scenarios.fct_strata_spans s JOIN scenarios.fct_strata c ON c.code = s.code CROSS JOIN scenarios.red_overlap_grid g
),
days AS (
  SELECT cell, bucket, sec, SUM(n) AS n
  FROM ends
  GROUP BY cell, bucket, sec
)
SELECT d.cell, CAST(x_idiv(d.sec, g.unit_days * 86400) AS INTEGER) AS unit, d.bucket, CAST(SUM(d.n) AS BIGINT) AS begun,
  CAST(SUM(d.n * CAST(g.unit_days * 86400 * (x_idiv(d.sec, g.unit_days * 86400) + 1) - d.sec AS BIGINT)) AS BIGINT) AS seconds
FROM days d CROSS JOIN scenarios.red_overlap_grid g
GROUP BY d.cell, x_idiv(d.sec, g.unit_days * 86400), d.bucket
