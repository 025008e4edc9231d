/*---
table: scenarios.fct_dup_pairs
block: duplicates
grain: [pair, bucket]
reads: [core.customers, scenarios.fct_active, scenarios.fct_campaign_days, scenarios.fct_dup_scope, scenarios.fct_window]
doc: >-
  Person-time that two chains, or two calendar campaigns, share within the audited window, of all pairs that share any. A chain and a campaign are never the same. Only the
  buckets that fct_dup_scope names.
columns:
  - {name: pair, type: int64, unit: "1", doc: "key of the first scenario x 1048576 + key of the second; the first is the smaller key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "customers who were in both at the same time"}
  - {name: seconds, type: int64, unit: "seconds", doc: "time in both"}
---*/
WITH spans AS (
  SELECT CAST(a.ck AS BIGINT) * 2 AS person, a.bucket, CAST(a.sk AS BIGINT) AS sk, GREATEST(a.from_sec, w.from_sec) AS from_sec,
    LEAST(a.to_sec, w.to_sec) AS to_sec
  FROM scenarios.fct_active a
  JOIN scenarios.fct_dup_scope c ON c.sk = a.sk AND a.bucket < c.time_buckets
  CROSS JOIN scenarios.fct_window w
  WHERE a.from_sec < w.to_sec AND a.to_sec > w.from_sec
  UNION ALL
  SELECT CAST(a.ck AS BIGINT) * 2 + 1, CAST(k.bucket AS INTEGER), CAST(a.sk AS BIGINT), GREATEST(a.from_sec, w.from_sec), LEAST(a.to_sec, w.to_sec)
  FROM scenarios.fct_campaign_days a
  JOIN core.customers k ON k.ck = a.ck
  JOIN scenarios.fct_dup_scope c ON c.sk = a.sk AND k.bucket < c.time_buckets
  CROSS JOIN scenarios.fct_window w
  WHERE a.from_sec < w.to_sec AND a.to_sec > w.from_sec
),
persons AS (
  SELECT a.sk * 1048576 + b.sk AS pair, a.person, a.bucket, SUM(LEAST(a.to_sec, b.to_sec) - GREATEST(a.from_sec, b.from_sec)) AS seconds
  FROM spans a JOIN spans b ON a.person = b.person AND a.sk < b.sk AND a.from_sec < b.to_sec AND b.from_sec < a.to_sec
  GROUP BY a.sk * 1048576 + b.sk, a.person, a.bucket
)
SELECT pair, bucket, COUNT(*) AS customers, CAST(SUM(seconds) AS BIGINT) AS seconds
FROM persons
GROUP BY pair, bucket
