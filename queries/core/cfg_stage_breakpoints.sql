/*---
table: core.cfg_stage_breakpoints
grain: [anchor, offset_days, factor]
doc: >-
  Days, counted from the day of an event, on which a stage rule can change its value: 1 = the event's effect, 29, 91, 366 = it leaves a window
  of 28, 90, 365 days, others = the age that a rule compares with. Written from lifecycle.Compile.
columns:
  - {name: anchor, type: string, doc: "event: order, last_order, first_order, first_seen, activity, last_activity, message, open, click, consent (first message, first opt-out), overdue"}
  - {name: offset_days, type: int64, unit: "days", doc: "days after the day of the event; 0 for overdue"}
  - {name: factor, type: float64, unit: "1", doc: "overdue only: the multiple of the customer's median gap between orders; else 0"}
---*/
