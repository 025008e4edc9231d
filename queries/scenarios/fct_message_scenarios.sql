/*---
table: scenarios.fct_message_scenarios
grain: [sk]
reads: [core.messages, scenarios.fct_scenarios]
doc: The scenarios that core.messages names. The id is stored as core.messages stores it, so that joins on it compare codes instead of texts.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key, scenarios.fct_scenarios.sk"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: enrolled, type: bool, unit: "1", doc: "it has rows in core.enrolments"}
  - {name: bulk, type: bool, unit: "1", doc: "a calendar campaign, not a chain"}
---*/
SELECT s.sk, m.scenario_id, s.enrolled, s.bulk
FROM (SELECT scenario_id FROM core.messages WHERE scenario_id IS NOT NULL GROUP BY scenario_id) m
JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
