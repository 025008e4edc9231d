/*---
table: lifecycle.periods
grain: [period]
doc: >-
  The complete periods of the panel with their size. Written by lifecycle.Fit.
columns:
  - {name: period, type: int64, unit: "1", doc: "number of the period"}
  - {name: period_start, type: date, doc: "first day in the business zone"}
  - {name: days, type: int64, unit: "days", doc: "length"}
  - {name: customers, type: int64, unit: "customers", doc: "customers in the panel at its end"}
  - {name: moves, type: int64, unit: "customers", doc: "customers with a known stage one period later; 0 for burn-in periods and the last one"}
---*/
