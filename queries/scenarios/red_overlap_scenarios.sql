/*---
table: scenarios.red_overlap_scenarios
block: overlap
grain: [sk]
reads: [scenarios.fct_memberships, scenarios.fct_scenarios]
doc: Scenarios with customers in the audited time.
max_rows: 200000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: bulk, type: bool, unit: "1", doc: "calendar campaign: collisions only"}
  - {name: customers, type: int64, unit: "customers", doc: "customers in it"}
  - {name: spans, type: int64, unit: "spans", doc: "their spans"}
---*/
SELECT s.sk, s.scenario_id, s.bulk, COUNT(m.ck) AS customers, CAST(COALESCE(SUM(m.spans), 0) AS BIGINT) AS spans
FROM scenarios.fct_scenarios s LEFT JOIN scenarios.fct_memberships m ON m.sk = s.sk
GROUP BY s.sk, s.scenario_id, s.bulk
