/*---
table: scenarios.red_scenario_stages
grain: [scenario_id, stage, bucket]
reads: [core.cfg_scenario_stages, lifecycle.fct_days, lifecycle.fct_grid, scenarios.fct_entries, scenarios.fct_scenarios, scenarios.fct_stage_days, scenarios.fct_stages, scenarios.fct_window]
doc: >-
  Entries into chains by the stage in force, in the audited window, and the time that those who entered spent in each stage, for the reach and the selectivity
  of triggers. Only entries on days whose stage is known.
max_rows: 1000000
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: stage, type: string, doc: "stage in force on the day of the entry, or of the days counted"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: entries, type: int64, unit: "entries", doc: "entries in the stage"}
  - {name: entrants, type: int64, unit: "customers", doc: "customers who entered in the stage"}
  - {name: first_entries, type: int64, unit: "customers", doc: "customers whose first entry of the window was in the stage: each customer in one stage"}
  - {name: targeted, type: int64, unit: "entries", doc: "entries in a stage that audit.yaml names for the scenario, on the day or at the next evaluation"}
  - {name: days, type: int64, unit: "customer-days", doc: "days that customers who entered at all spent in the stage"}
---*/
WITH targets AS (
  SELECT s.sk, f.st
  FROM core.cfg_scenario_stages p
  JOIN scenarios.fct_scenarios s ON s.scenario_id = p.scenario_id
  JOIN scenarios.fct_stages f ON f.stage = p.stage
),
entries AS (
  SELECT e.ck, e.bucket, e.sk, e.entered_sec, e.entered_day, g.end_day
  FROM scenarios.fct_entries e
  JOIN scenarios.fct_scenarios s ON s.sk = e.sk AND NOT s.bulk
  CROSS JOIN scenarios.fct_window w
  LEFT JOIN lifecycle.fct_days d ON d.day = e.entered_day
  LEFT JOIN lifecycle.fct_grid g ON g.period = d.period
  WHERE NOT e.control AND e.entered_day >= w.from_day AND e.entered_day < w.to_day
),
staged AS (
  SELECT e.ck, e.bucket, e.sk, a.st, COALESCE(b.st, a.st) AS next_st, MIN(e.entered_sec) AS first_sec, COUNT(*) AS entries
  FROM entries e
  JOIN scenarios.fct_stage_days a ON a.ck = e.ck AND a.from_day <= e.entered_day AND a.to_day > e.entered_day
  LEFT JOIN scenarios.fct_stage_days b ON b.ck = e.ck AND b.from_day <= e.end_day AND b.to_day > e.end_day
  GROUP BY e.ck, e.bucket, e.sk, a.st, COALESCE(b.st, a.st)
),
entrants AS (
  SELECT ck, bucket, sk, MIN(CAST(first_sec AS BIGINT) * 1024 + st) AS packed
  FROM staged
  GROUP BY ck, bucket, sk
),
parts AS (
  SELECT e.sk, e.st, e.bucket, SUM(e.entries) AS entries, 0 AS entrants, 0 AS first_entries,
    SUM(CASE WHEN p.sk IS NOT NULL OR q.sk IS NOT NULL THEN e.entries ELSE 0 END) AS targeted, 0 AS days
  FROM staged e
  LEFT JOIN targets p ON p.sk = e.sk AND p.st = e.st
  LEFT JOIN targets q ON q.sk = e.sk AND q.st = e.next_st
  GROUP BY e.sk, e.st, e.bucket
  UNION ALL
  SELECT sk, st, bucket, 0, COUNT(*), 0, 0, 0
  FROM (SELECT ck, bucket, sk, st FROM staged GROUP BY ck, bucket, sk, st) customers
  GROUP BY sk, st, bucket
  UNION ALL
  SELECT sk, packed - 1024 * x_idiv(packed, 1024), bucket, 0, 0, COUNT(*), 0, 0
  FROM entrants
  GROUP BY sk, packed - 1024 * x_idiv(packed, 1024), bucket
  UNION ALL
  SELECT e.sk, t.st, t.bucket, 0, 0, 0, 0, SUM(GREATEST(LEAST(t.to_day, w.to_day) - GREATEST(t.from_day, w.from_day), 0))
  FROM entrants e
  JOIN scenarios.fct_stage_days t ON t.ck = e.ck
  CROSS JOIN scenarios.fct_window w
  GROUP BY e.sk, t.st, t.bucket
)
SELECT s.scenario_id, t.stage, p.bucket, SUM(p.entries) AS entries, SUM(p.entrants) AS entrants, SUM(p.first_entries) AS first_entries, SUM(p.targeted) AS targeted,
  SUM(p.days) AS days
FROM parts p
JOIN scenarios.fct_scenarios s ON s.sk = p.sk
JOIN scenarios.fct_stages t ON t.st = p.st
GROUP BY s.scenario_id, t.stage, p.bucket
