/*---
table: core.cfg_triggers
grain: [name]
doc: "Trigger rules of audit.yaml: after the event, the action within the time."
columns:
  - {name: position, type: int64, unit: "1", doc: "place in the file, 1 = first"}
  - {name: name, type: string, doc: "name of the rule"}
  - {name: when_event, type: string, doc: "what has to be answered"}
  - {name: expect, type: string, doc: "the answer"}
  - {name: within_seconds, type: int64, unit: seconds, doc: "time for the answer"}
---*/
