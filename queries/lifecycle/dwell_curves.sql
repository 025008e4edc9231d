/*---
table: lifecycle.dwell_curves
grain: [stage, age]
doc: >-
  Survival curve of a stay: share of stays that last longer than age periods. Written by lifecycle.Fit.
columns:
  - {name: stage, type: string, doc: "stage"}
  - {name: age, type: int64, unit: "periods", doc: "age in the stage, 1 = the period of entry"}
  - {name: at_risk, type: int64, unit: "stays", doc: "stays observed at this age with a known next period"}
  - {name: exits, type: int64, unit: "stays", doc: "of them left at the end of this age"}
  - {name: survival, type: float64, unit: "share", doc: "share of stays longer than age"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval"}
---*/
