/*---
table: core.periods
grain: [period]
doc: "The grid of the audited period: the steps of the life cycle."
columns:
  - {name: period, type: int64, unit: "1", doc: "number of the period, from 1"}
  - {name: period_start, type: date, doc: "first day"}
  - {name: start_day, type: int64, unit: day, doc: "first day, days since 1970-01-01 in the business zone"}
  - {name: end_day, type: int64, unit: day, doc: "day after the last, days since 1970-01-01 in the business zone"}
  - {name: complete, type: bool, unit: "1", doc: "false when the audited period covers it in part"}
---*/
