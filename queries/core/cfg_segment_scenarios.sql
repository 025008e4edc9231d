/*---
table: core.cfg_segment_scenarios
grain: [segment_id, scenario_id]
doc: "Which scenario is declared to use which segment (used_by)."
columns:
  - {name: segment_id, type: string, doc: "segment"}
  - {name: scenario_id, type: string, doc: "scenario"}
---*/
