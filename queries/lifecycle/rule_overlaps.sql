/*---
table: lifecycle.rule_overlaps
grain: [stage_a, stage_b]
doc: >-
  Customers of the last complete period that two rules both match, so that the order of rules decides. Written by lifecycle.Fit.
columns:
  - {name: stage_a, type: string, doc: "the earlier rule"}
  - {name: stage_b, type: string, doc: "the later rule"}
  - {name: customers, type: int64, unit: "customers", doc: "matched by both"}
  - {name: share_of_b, type: float64, unit: "share", doc: "of the customers that the later rule matches"}
  - {name: contested, type: bool, doc: "neither rule lies within the other, so that nothing but their order says where these customers belong"}
---*/
