/*---
table: core.cfg_scenarios
grain: [scenario_id]
doc: "Scenario definitions of audit.yaml, in their order."
columns:
  - {name: position, type: int64, unit: "1", doc: "place in the file, 1 = first"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: name, type: string, doc: "name for people; empty when not given"}
  - {name: role, type: string, nullable: true, doc: "acquisition, activation, retention, development, winback, service or information"}
  - {name: trigger, type: string, nullable: true, doc: "the event, or words, that start it"}
  - {name: priority, type: int64, unit: "1", nullable: true, doc: "higher wins"}
  - {name: window_days, type: int64, unit: days, nullable: true, doc: "active time after entry when no exit is recorded"}
  - {name: goal_event, type: string, nullable: true, doc: "event that the scenario wants"}
  - {name: goal_days, type: int64, unit: days, nullable: true, doc: "days within which the goal counts"}
---*/
