/*---
table: core.cfg_scenario_stages
grain: [scenario_id, stage]
doc: "Stages that a scenario is declared to speak to."
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: stage, type: string, doc: "life-cycle stage"}
---*/
