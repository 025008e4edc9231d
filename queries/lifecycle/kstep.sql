/*---
table: lifecycle.kstep
grain: [horizon, from_stage, to_stage]
doc: >-
  Where customers are horizon periods later: counted directly (valid without any model), by powers of the matrix, and by the chain of stage
  x age. Written by lifecycle.Fit.
columns:
  - {name: horizon, type: int64, unit: "periods", doc: "steps ahead"}
  - {name: from_stage, type: string, doc: "stage at the start"}
  - {name: to_stage, type: string, doc: "stage horizon periods later"}
  - {name: n, type: int64, unit: "customer-periods", doc: "counted directly"}
  - {name: at_risk, type: int64, unit: "customer-periods", doc: "starts with a known stage horizon periods later"}
  - {name: direct, type: float64, unit: "share", nullable: true, doc: "n divided by at_risk: the forecast to use"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval"}
  - {name: markov, type: float64, unit: "share", nullable: true, doc: "the same from the horizon-th power of the one-step matrix"}
  - {name: expanded, type: float64, unit: "share", nullable: true, doc: "the same from the chain of stage x age; NULL when ages are not known"}
---*/
