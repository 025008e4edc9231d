/*---
table: lifecycle.mobility
grain: [grouping, group_value]
doc: >-
  Shorrocks mobility (K - trace P)/(K - 1) of the matrix: 0 = nobody moves, 1 = the next stage does not depend on this one. Written by
  lifecycle.Fit.
columns:
  - {name: grouping, type: string, doc: "all or a grouping of transitions"}
  - {name: group_value, type: string, doc: "its value"}
  - {name: stages, type: int64, unit: "1", doc: "K: stages with at least one customer-period at risk"}
  - {name: at_risk, type: int64, unit: "customer-periods", doc: "customer-periods with a next period"}
  - {name: shorrocks, type: float64, unit: "1", nullable: true, doc: "mobility"}
  - {name: lower, type: float64, unit: "1", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "1", nullable: true, doc: "upper end of the 95 % interval"}
---*/
