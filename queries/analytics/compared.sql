/*---
table: analytics.compared
grain: [after_to]
doc: "The two audits that analytics.compared_* put side by side, one row; written by crmaudit run --before and crmaudit compare."
columns:
  - {name: before_from, type: date, doc: "first day of the earlier audited period, business zone"}
  - {name: before_to, type: date, doc: "day after its last day"}
  - {name: after_from, type: date, doc: "first day of the later audited period"}
  - {name: after_to, type: date, doc: "day after its last day"}
  - {name: overlap, type: bool, unit: "1", doc: "the periods overlap: metrics are not compared, since the same weeks are in both"}
---*/
