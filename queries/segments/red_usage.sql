/*---
table: segments.red_usage
grain: [segment_id, scenario_id]
reads: [core.cfg_segment_scenarios, scenarios.fct_scenarios]
doc: Which scenario is declared to use which segment, and whether the scenario does anything.
max_rows: 1000000
columns:
  - {name: segment_id, type: string, doc: "segment"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: active, type: bool, unit: "1", doc: "the scenario has enrolments or sent messages in what is loaded"}
---*/
SELECT CAST(u.segment_id AS VARCHAR) AS segment_id, CAST(u.scenario_id AS VARCHAR) AS scenario_id, COALESCE(s.enrolled OR s.messaged, FALSE) AS active
FROM core.cfg_segment_scenarios u LEFT JOIN scenarios.fct_scenarios s ON s.scenario_id = u.scenario_id
