/*---
table: scenarios.red_dup_pair_buckets
block: duplicates
grain: [pair, bucket]
reads: [scenarios.fct_dup_pairs, scenarios.red_dup_pairs]
doc: Person-time that two scenarios share, by bucket, of the pairs that share a good part of it.
max_rows: 2000000
columns:
  - {name: pair, type: int64, unit: "1", doc: "key of the first scenario x 1048576 + key of the second"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: seconds, type: int64, unit: "seconds", doc: "time in both"}
---*/
SELECT f.pair, f.bucket, f.seconds
FROM scenarios.fct_dup_pairs f JOIN scenarios.red_dup_pairs p ON p.pair = f.pair
WHERE p.close
