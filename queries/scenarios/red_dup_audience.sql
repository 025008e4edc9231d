/*---
table: scenarios.red_dup_audience
block: duplicates
grain: [sk, bucket]
reads: [scenarios.fct_active, scenarios.fct_dup_scope, scenarios.fct_window]
doc: Customers and person-time of a scenario within the audited window.
max_rows: 500000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "customers with active time"}
  - {name: seconds, type: int64, unit: "seconds", doc: "their active time"}
---*/
WITH persons AS (
  SELECT a.sk, a.ck, a.bucket, SUM(CAST(LEAST(a.to_sec, w.to_sec) - GREATEST(a.from_sec, w.from_sec) AS BIGINT)) AS seconds
  FROM scenarios.fct_active a
  JOIN scenarios.fct_dup_scope c ON c.sk = a.sk
  CROSS JOIN scenarios.fct_window w
  WHERE a.from_sec < w.to_sec AND a.to_sec > w.from_sec
  GROUP BY a.sk, a.ck, a.bucket
)
SELECT sk, bucket, COUNT(*) AS customers, CAST(SUM(seconds) AS BIGINT) AS seconds
FROM persons
GROUP BY sk, bucket
