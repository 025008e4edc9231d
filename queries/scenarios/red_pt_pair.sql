/*---
table: scenarios.red_pt_pair
block: overlap
grain: [sk_a, sk_b, bucket]
reads: [scenarios.fct_pair_customers, scenarios.red_pair]
doc: Time in both scenarios of a pair at once while the stage is known, by bucket, for the pairs that enough customers share (scenarios.red_pair.time_enough).
max_rows: 4500000
columns:
  - {name: sk_a, type: int64, unit: "1", doc: "scenario key, the smaller"}
  - {name: sk_b, type: int64, unit: "1", doc: "scenario key, the larger"}
  - {name: bucket, type: int64, unit: "1", doc: "half of the customer bucket: 0..49"}
  - {name: seconds, type: int64, unit: "customer-seconds", doc: "time in both at once in cells above 0"}
---*/
SELECT c.sk_a, c.sk_b, c.bucket, CAST(SUM(c.staged_seconds) AS BIGINT) AS seconds
FROM scenarios.fct_pair_customers c
JOIN scenarios.red_pair p ON p.sk_a = c.sk_a AND p.sk_b = c.sk_b AND p.time_enough
WHERE c.staged_seconds > 0
GROUP BY c.sk_a, c.sk_b, c.bucket
