/*---
table: scenarios.trigger_owners
block: triggers
grain: [name, owner]
doc: "Trigger conformance by responsible employee. Not a league table: where the intervals overlap the order means nothing. Written by scenarios/triggers."
columns:
  - {name: name, type: string, doc: "name of the rule"}
  - {name: owner, type: string, doc: "responsible employee; empty when not known"}
  - {name: triggered, type: int64, unit: cases, doc: "cases whose time was over when the data end"}
  - {name: in_time, type: int64, unit: cases, doc: "answered in time"}
  - {name: late, type: int64, unit: cases, doc: "answered later"}
  - {name: missing, type: int64, unit: cases, doc: "not answered"}
  - {name: in_time_share, type: float64, unit: share, nullable: true, doc: "in_time divided by triggered"}
  - {name: lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval of in_time_share"}
  - {name: upper, type: float64, unit: share, nullable: true, doc: "upper end of the 95 % interval of in_time_share"}
---*/
