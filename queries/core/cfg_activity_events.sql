/*---
table: core.cfg_activity_events
grain: [name]
doc: Names of events that count as activity (lifecycle.activity_events). Written from lifecycle.Compile.
columns:
  - {name: name, type: string, doc: "name of the event"}
---*/
