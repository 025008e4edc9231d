/*---
table: scenarios.red_scenarios
grain: [scenario_id]
reads: [core.enrolments, core.messages, scenarios.fct_active, scenarios.fct_entries, scenarios.fct_scenarios, scenarios.fct_window]
doc: Every scenario of scenarios.fct_scenarios with its first and last sign of life in all that is loaded. Counts, no sample.
max_rows: 100000
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: defined, type: bool, unit: "1", doc: "audit.yaml defines it"}
  - {name: enrolled, type: bool, unit: "1", doc: "it has enrolments"}
  - {name: messaged, type: bool, unit: "1", doc: "it has sent messages"}
  - {name: bulk, type: bool, unit: "1", doc: "a calendar campaign"}
  - {name: first_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "day of the first entry or sent message; NULL when there is none"}
  - {name: last_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "day of the last one"}
  - {name: reversed_exits, type: int64, unit: "entries", doc: "enrolments whose exit lies before the entry"}
  - {name: merged_entries, type: int64, unit: "entries", doc: "enrolments that begin before an earlier one of the same customer has ended, or as it ends: their time counts once (scenarios.fct_active)"}
---*/
WITH signs AS (
  SELECT sk, MIN(entered_day) AS first_day, MAX(entered_day) AS last_day, 0 AS reversed_exits, 0 AS merged_entries
  FROM scenarios.fct_entries
  GROUP BY sk
  UNION ALL
  SELECT s.sk, m.first_day, m.last_day, 0, 0
  FROM (SELECT scenario_id, MIN(sent_day) AS first_day, MAX(sent_day) AS last_day FROM core.messages WHERE scenario_id IS NOT NULL GROUP BY scenario_id) m
  JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
  UNION ALL
  SELECT s.sk, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), COUNT(*), 0
  FROM core.enrolments e JOIN scenarios.fct_scenarios s ON s.scenario_id = e.scenario_id
  WHERE e.exited_at < e.entered_at
  GROUP BY s.sk
  UNION ALL
  SELECT e.sk, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), 0, COUNT(*)
  FROM scenarios.fct_entries e CROSS JOIN scenarios.fct_window w
  WHERE NOT e.control AND NOT e.derived AND e.entered_sec < e.exited_sec AND GREATEST(e.entered_sec, w.first_sec) < LEAST(e.exited_sec, w.end_sec)
  GROUP BY e.sk
  UNION ALL
  SELECT a.sk, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), 0, 0 - COUNT(*)
  FROM scenarios.fct_active a JOIN scenarios.fct_scenarios s ON s.sk = a.sk
  WHERE s.enrolled
  GROUP BY a.sk
),
lives AS (
  SELECT g.sk, MIN(g.first_day) AS first_day, MAX(g.last_day) AS last_day, SUM(g.reversed_exits) AS reversed_exits, SUM(g.merged_entries) AS merged_entries
  FROM signs g
  GROUP BY g.sk
)
SELECT s.scenario_id, s.defined, s.enrolled, s.messaged, s.bulk, CAST(l.first_day AS BIGINT) AS first_day, CAST(l.last_day AS BIGINT) AS last_day,
  CAST(COALESCE(l.reversed_exits, 0) AS BIGINT) AS reversed_exits, CAST(COALESCE(l.merged_entries, 0) AS BIGINT) AS merged_entries
FROM scenarios.fct_scenarios s LEFT JOIN lives l ON l.sk = s.sk
