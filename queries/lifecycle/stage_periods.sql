/*---
table: lifecycle.stage_periods
grain: [period_start, stage]
doc: >-
  Customers by stage at the end of each complete period, burn-in included: what the flow chart draws. Written by lifecycle.Fit.
columns:
  - {name: period_start, type: date, doc: "first day of the period in the business zone"}
  - {name: stage, type: string, doc: "stage"}
  - {name: customers, type: int64, unit: "customers", doc: "customers in the stage at the end of the period"}
  - {name: share, type: float64, unit: "share", doc: "of all customers of the panel in that period"}
---*/
