/*---
table: scenarios.red_contact_names
block: contact
grain: [what, code]
reads: [scenarios.fct_scenarios, scenarios.fct_stages]
doc: The names behind the keys of scenarios and stages.
max_rows: 200000
columns:
  - {name: what, type: string, doc: "scenario or stage"}
  - {name: code, type: int64, unit: "1", doc: "sk or st"}
  - {name: name, type: string, doc: "name"}
---*/
SELECT 'scenario' AS what, sk AS code, scenario_id AS name FROM scenarios.fct_scenarios
UNION ALL
SELECT 'stage', st, stage FROM scenarios.fct_stages
