/*---
table: scenarios.trigger_weeks
block: triggers
grain: [name, week_start]
doc: "Trigger conformance by week. Written by scenarios/triggers."
columns:
  - {name: name, type: string, doc: "name of the rule"}
  - {name: week_start, type: date, doc: "Monday of the week"}
  - {name: triggered, type: int64, unit: cases, doc: "cases whose time was over when the data end"}
  - {name: in_time, type: int64, unit: cases, doc: "answered in time"}
  - {name: late, type: int64, unit: cases, doc: "answered later"}
  - {name: missing, type: int64, unit: cases, doc: "not answered"}
  - {name: in_time_share, type: float64, unit: share, nullable: true, doc: "in_time divided by triggered"}
  - {name: lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval of in_time_share"}
  - {name: upper, type: float64, unit: share, nullable: true, doc: "upper end of the 95 % interval of in_time_share"}
---*/
