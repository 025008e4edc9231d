/*---
table: scenarios.fct_pair_customers
block: overlap
grain: [ck, sk_a, sk_b]
reads: [scenarios.fct_chain_spans]
doc: Customers who were in two scenarios at once, and for how long.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "half of the customer bucket: 0..49"}
  - {name: sk_a, type: int64, unit: "1", doc: "scenario key, the smaller"}
  - {name: sk_b, type: int64, unit: "1", doc: "scenario key, the larger"}
  - {name: seconds, type: int64, unit: "seconds", doc: "time in both"}
  - {name: staged_seconds, type: int64, unit: "seconds", doc: "of it while his stage was known"}
---*/
SELECT a.ck, a.bucket, a.sk AS sk_a, b.sk AS sk_b, CAST(SUM(LEAST(a.to_sec, b.to_sec) - GREATEST(a.from_sec, b.from_sec)) AS BIGINT) AS seconds,
  CAST(SUM(CASE WHEN a.cell > 0 THEN LEAST(a.to_sec, b.to_sec) - GREATEST(a.from_sec, b.from_sec) ELSE 0 END) AS BIGINT) AS staged_seconds
FROM scenarios.fct_chain_spans a
JOIN scenarios.fct_chain_spans b ON b.ck = a.ck AND b.sk > a.sk AND b.from_sec < a.to_sec AND b.to_sec > a.from_sec
GROUP BY a.ck, a.bucket, a.sk, b.sk
