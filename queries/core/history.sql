/*---
table: core.history
grain: [first_day]
doc: "The first and last day of messages, message events, events, orders, enrolments, assignments, stage history, deals and tasks. One row; the audited period when nothing is dated."
columns:
  - {name: first_day, type: int64, unit: day, doc: "first loaded day, days since 1970-01-01 in the business zone"}
  - {name: last_day, type: int64, unit: day, doc: "last loaded day, days since 1970-01-01 in the business zone"}
---*/
