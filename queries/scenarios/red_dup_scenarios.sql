/*---
table: scenarios.red_dup_scenarios
block: duplicates
grain: [sk]
reads: [scenarios.fct_dup_scope, scenarios.fct_scenarios]
doc: Scenarios that are compared with each other, and how their entries are known.
max_rows: 5000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: enrolled, type: bool, unit: "1", doc: "entries are recorded; otherwise an entry begins with its first message"}
  - {name: bulk, type: bool, unit: "1", doc: "a calendar campaign: every message is an entry"}
  - {name: entries, type: int64, unit: "entries", doc: "entries within the audited window, control arm included"}
  - {name: time_buckets, type: int64, unit: "buckets", doc: "buckets 0 to this minus 1 are looked at for shared person-time"}
---*/
SELECT s.sk, s.scenario_id, s.enrolled, s.bulk, c.entries, c.time_buckets
FROM scenarios.fct_scenarios s JOIN scenarios.fct_dup_scope c ON c.sk = s.sk
