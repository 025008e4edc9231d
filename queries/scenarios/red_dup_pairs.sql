/*---
table: scenarios.red_dup_pairs
block: duplicates
grain: [pair]
reads: [scenarios.fct_dup_pairs, scenarios.fct_dup_scope, scenarios.red_dup_audience]
doc: >-
  Pairs of scenarios that share person-time, the closest first: at most 200,000. close marks those of which at least a twentieth of the smaller one's time is
  shared, at most 20,000: only these are looked at bucket by bucket.
max_rows: 200000
columns:
  - {name: pair, type: int64, unit: "1", doc: "key of the first scenario x 1048576 + key of the second"}
  - {name: customers, type: int64, unit: "customers", doc: "customers who were in both at the same time"}
  - {name: seconds, type: int64, unit: "seconds", doc: "time in both"}
  - {name: place, type: int64, unit: "1", doc: "1 = the pair with the largest share of common time"}
  - {name: close, type: bool, unit: "1", doc: "looked at bucket by bucket"}
---*/
WITH times AS (
  SELECT CAST(a.sk AS BIGINT) AS sk, CAST(SUM(a.seconds) AS BIGINT) AS seconds
  FROM scenarios.red_dup_audience a JOIN scenarios.fct_dup_scope c ON c.sk = a.sk AND a.bucket < c.time_buckets
  GROUP BY a.sk
),
pairs AS (
  SELECT pair, x_idiv(pair, 1048576) AS a, pair - 1048576 * x_idiv(pair, 1048576) AS b, CAST(SUM(customers) AS BIGINT) AS customers, CAST(SUM(seconds) AS BIGINT) AS seconds
  FROM scenarios.fct_dup_pairs
  GROUP BY pair
),
shares AS (
  SELECT p.pair, p.customers, p.seconds, LEAST(x.seconds, y.seconds) AS smaller, x_ratio(p.seconds, x.seconds + y.seconds - p.seconds) AS share
  FROM pairs p
  JOIN times x ON x.sk = p.a
  JOIN times y ON y.sk = p.b
),
placed AS (
  SELECT pair, customers, seconds, smaller, ROW_NUMBER() OVER (ORDER BY share DESC NULLS LAST, pair NULLS LAST) AS place
  FROM shares
)
SELECT pair, customers, seconds, place, place <= 20000 AND 20 * seconds >= smaller AS close
FROM placed
WHERE place <= 200000
