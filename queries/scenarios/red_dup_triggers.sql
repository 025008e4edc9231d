/*---
table: scenarios.red_dup_triggers
block: duplicates
grain: [sk, trigger]
reads: [core.enrolments, scenarios.fct_dup_scope, scenarios.fct_scenarios, scenarios.fct_window]
doc: What started the entries of a scenario, as recorded; its twenty commonest triggers.
max_rows: 100000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: trigger, type: string, doc: "what started it"}
  - {name: entries, type: int64, unit: "entries", doc: "entries within the audited window"}
---*/
WITH counted AS (
  SELECT s.sk, CAST(e.trigger AS VARCHAR) AS trigger, COUNT(*) AS entries
  FROM core.enrolments e
  JOIN scenarios.fct_scenarios s ON s.scenario_id = e.scenario_id
  JOIN scenarios.fct_dup_scope c ON c.sk = s.sk
  CROSS JOIN scenarios.fct_window w
  WHERE e.trigger IS NOT NULL AND e.entered_day >= w.from_day AND e.entered_day < w.to_day
  GROUP BY s.sk, e.trigger
),
placed AS (
  SELECT sk, trigger, entries, ROW_NUMBER() OVER (PARTITION BY sk ORDER BY entries DESC NULLS LAST, trigger NULLS LAST) AS place
  FROM counted
)
SELECT sk, trigger, entries
FROM placed
WHERE place <= 20
