/*---
table: scenarios.fct_contact_scenarios
block: contact
grain: [sk]
reads: [core.cfg_scenarios, core.messages, scenarios.fct_scenarios]
doc: What the contact policy needs to know of every scenario with messages. The id is stored as core.messages stores it, so that joins on it are cheap.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key, scenarios.fct_scenarios.sk"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: service, type: bool, unit: "1", doc: "its declared role is service: never counted against a cap unless policy.count_service"}
  - {name: enrolled, type: bool, unit: "1", doc: "it has enrolments: a chain, so its messages without a kind are not bulk"}
  - {name: priority, type: int64, unit: "1", nullable: true, doc: "declared priority, higher wins; NULL when not declared"}
---*/
WITH messaged AS (
  SELECT scenario_id FROM core.messages WHERE scenario_id IS NOT NULL GROUP BY scenario_id
)
SELECT s.sk, m.scenario_id, COALESCE(d.role = 'service', FALSE) AS service, s.enrolled, d.priority
FROM messaged m
JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
LEFT JOIN core.cfg_scenarios d ON d.scenario_id = s.scenario_id
