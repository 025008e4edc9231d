/*---
table: lifecycle.rule_order
grain: [customers]
doc: >-
  One row: customers of the last complete period whom two rules match of which neither lies within the other, so that only the order of
  rules decides. Empty with recorded stages. Written by lifecycle.Fit.
columns:
  - {name: customers, type: int64, unit: "customers", doc: "matched by two contested rules (lifecycle.rule_overlaps)"}
  - {name: share, type: float64, unit: "share", doc: "of all customers of the last complete period"}
---*/
