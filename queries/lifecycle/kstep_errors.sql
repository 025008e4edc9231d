/*---
table: lifecycle.kstep_errors
grain: [horizon]
doc: >-
  Largest absolute error of a forecast of horizon periods against direct counts. Above 0.05 with its lower end above 0: not Markov, use
  direct counts or stage x age. Written by lifecycle.Fit.
columns:
  - {name: horizon, type: int64, unit: "periods", doc: "steps ahead"}
  - {name: markov_error, type: float64, unit: "share", nullable: true, doc: "D: largest error of the powers of the matrix"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval"}
  - {name: expanded_error, type: float64, unit: "share", nullable: true, doc: "the same of the chain of stage x age"}
  - {name: from_stage, type: string, doc: "row of the largest error of the powers"}
  - {name: to_stage, type: string, doc: "column of it"}
  - {name: not_markov, type: bool, doc: "markov_error above 0.05 and its lower end above 0"}
---*/
