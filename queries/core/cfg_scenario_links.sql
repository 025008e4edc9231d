/*---
table: core.cfg_scenario_links
grain: [scenario_id, next_id]
doc: "Which scenario is declared to follow which (next)."
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: next_id, type: string, doc: "the scenario that follows"}
---*/
