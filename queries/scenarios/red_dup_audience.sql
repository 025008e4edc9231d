/*---
table: scenarios.red_dup_audience
block: duplicates
grain: [sk, bucket]
reads: [scenarios.fct_dup_scope, scenarios.fct_memberships]
doc: Customers and person-time of a scenario within the audited window.
max_rows: 500000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "customers with active time"}
  - {name: seconds, type: int64, unit: "seconds", doc: "their active time"}
---*/
SELECT a.sk, a.bucket, COUNT(*) AS customers, CAST(SUM(CAST(a.seconds AS BIGINT)) AS BIGINT) AS seconds
FROM scenarios.fct_memberships a JOIN scenarios.fct_dup_scope c ON c.sk = a.sk
GROUP BY a.sk, a.bucket
