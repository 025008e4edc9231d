/*---
table: lifecycle.transition_periods
grain: [period_start, from_stage, to_stage]
doc: >-
  Moves by period: customers in from_stage at the end of the period that starts at period_start and in to_stage one period later. Burn-in
  periods and the last period (no successor) are not here. Written by lifecycle.Fit.
columns:
  - {name: period_start, type: date, doc: "first day of the period in the business zone"}
  - {name: from_stage, type: string, doc: "stage at the end of the period"}
  - {name: to_stage, type: string, doc: "stage one period later"}
  - {name: n, type: int64, unit: "customers", doc: "customers who made the move (or stayed)"}
---*/
