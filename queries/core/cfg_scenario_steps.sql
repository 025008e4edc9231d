/*---
table: core.cfg_scenario_steps
grain: [scenario_id, step_id]
doc: "Steps of the scenario definitions."
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: position, type: int64, unit: "1", doc: "place of the step, 1 = first"}
  - {name: step_id, type: string, doc: "step"}
  - {name: after_seconds, type: int64, unit: seconds, doc: "after entry"}
---*/
