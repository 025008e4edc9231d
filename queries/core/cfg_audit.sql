/*---
table: core.cfg_audit
grain: [from_day]
doc: "Borders and windows of the audit, one row. Written from audit.yaml."
columns:
  - {name: from_day, type: int64, unit: day, doc: "first audited day, days since 1970-01-01 in the business zone"}
  - {name: to_day, type: int64, unit: day, doc: "day after the last audited one"}
  - {name: from_sec, type: int64, unit: seconds, doc: "first audited instant, Unix seconds"}
  - {name: to_sec, type: int64, unit: seconds, doc: "instant at which the audited period ends, Unix seconds"}
  - {name: collision_seconds, type: int64, unit: seconds, doc: "two messages closer than this collide (decision.collision_hours)"}
  - {name: entry_gap_days, type: int64, unit: days, doc: "without enrolments and entry ids, messages of one scenario closer than this are one passage"}
  - {name: handover_days, type: int64, unit: days, doc: "an entry within so many days after an exit is a hand-over"}
  - {name: quiet_from_minute, type: int64, unit: minutes, nullable: true, doc: "begin of the quiet hours, minutes after local midnight; NULL when none are given"}
  - {name: quiet_to_minute, type: int64, unit: minutes, nullable: true, doc: "end of the quiet hours, minutes after local midnight; before the begin when they span midnight"}
---*/
