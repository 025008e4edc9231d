/*---
table: lifecycle.dwell_exits
grain: [stage, to_stage, age]
doc: >-
  Cumulative incidence of leaving a stage for each next stage by age (Aalen-Johansen; one minus Kaplan-Meier per cause would overstate it).
  Written by lifecycle.Fit.
columns:
  - {name: stage, type: string, doc: "stage"}
  - {name: to_stage, type: string, doc: "stage left for"}
  - {name: age, type: int64, unit: "periods", doc: "age in the stage"}
  - {name: exits, type: int64, unit: "stays", doc: "stays that left for to_stage at this age"}
  - {name: incidence, type: float64, unit: "share", doc: "share of stays that have left for to_stage by this age"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval"}
---*/
