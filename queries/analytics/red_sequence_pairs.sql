/*---
table: analytics.red_sequence_pairs
block: bundles
grain: [a, b]
reads: [analytics.fct_sequence_pairs]
doc: The pairs of analytics.fct_sequence_pairs that are estimated.
max_rows: 200
columns:
  - {name: a, type: int64, unit: "1", doc: "product key; for categories minus the category key"}
  - {name: b, type: int64, unit: "1", doc: "what is waited for"}
  - {name: pairs, type: int64, unit: "pairs", doc: "pairs of its level looked at: the family of the q-values"}
---*/
SELECT a, b, pairs
FROM analytics.fct_sequence_pairs
WHERE kept
