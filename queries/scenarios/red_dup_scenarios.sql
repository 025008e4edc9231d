/*---
table: scenarios.red_dup_scenarios
block: duplicates
grain: [sk]
reads: [scenarios.fct_entries, scenarios.fct_scenarios, scenarios.fct_window]
doc: Scenarios that are compared with each other, and how their entries are known.
max_rows: 5000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: enrolled, type: bool, unit: "1", doc: "entries are recorded; otherwise an entry begins with its first message"}
  - {name: bulk, type: bool, unit: "1", doc: "a calendar campaign: every message is an entry"}
  - {name: entries, type: int64, unit: "entries", doc: "entries within the audited window, control arm included"}
---*/
WITH entries AS (
  SELECT e.sk, COUNT(*) AS entries
  FROM scenarios.fct_entries e CROSS JOIN scenarios.fct_window w
  WHERE e.entered_day >= w.from_day AND e.entered_day < w.to_day
  GROUP BY e.sk
)
SELECT s.sk, s.scenario_id, s.enrolled, s.bulk, COALESCE(e.entries, 0) AS entries
FROM scenarios.fct_scenarios s LEFT JOIN entries e ON e.sk = s.sk
WHERE s.enrolled OR s.messaged
