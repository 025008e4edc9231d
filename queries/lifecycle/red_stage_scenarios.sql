/*---
table: lifecycle.red_stage_scenarios
grain: [stage, scenario_id]
reads: [core.messages, lifecycle.fct_days, lifecycle.fct_panel, lifecycle.fct_stage_runs]
doc: >-
  Messages of scenarios sent in the complete periods by the stage of the receiver: his stage at the end of the period before the send, or, for
  who has none yet, at the end of his first period.
max_rows: 200000
columns:
  - {name: stage, type: string, doc: "stage"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: messages, type: int64, unit: "messages", doc: "messages sent to customers in the stage"}
---*/
WITH stages AS (
  SELECT stage, ROW_NUMBER() OVER (ORDER BY stage NULLS LAST) AS code FROM lifecycle.fct_stage_runs GROUP BY stage
),
scenarios AS (
  SELECT scenario_id, ROW_NUMBER() OVER (ORDER BY scenario_id NULLS LAST) AS code
  FROM core.messages
  WHERE scenario_id IS NOT NULL
  GROUP BY scenario_id
),
entries AS (
  SELECT ck, MIN(first_period) AS period FROM lifecycle.fct_stage_runs GROUP BY ck
),
runs AS (
  SELECT r.ck, s.code, CAST(CASE WHEN r.first_period = e.period THEN p.first_period - 1 ELSE r.first_period END AS INTEGER) AS first_period,
    CAST(r.last_period AS INTEGER) AS last_period
  FROM lifecycle.fct_stage_runs r
  CROSS JOIN lifecycle.fct_panel p
  JOIN stages s ON s.stage = r.stage
  JOIN entries e ON e.ck = r.ck
),
days AS (
  SELECT d.day, CAST(d.period - 1 AS INTEGER) AS before
  FROM lifecycle.fct_days d JOIN lifecycle.fct_panel p ON d.period >= p.first_period
),
totals AS (
  SELECT CAST(s.code AS BIGINT) * 4096 + r.code AS pair, COUNT(*) AS messages
  FROM core.messages m
  JOIN days d ON d.day = m.sent_day
  JOIN scenarios s ON s.scenario_id = m.scenario_id
  JOIN runs r ON r.ck = m.ck AND r.first_period <= d.before AND r.last_period >= d.before
  GROUP BY CAST(s.code AS BIGINT) * 4096 + r.code
),
split AS (
  SELECT x_idiv(pair, 4096) AS scenario_code, pair - 4096 * x_idiv(pair, 4096) AS stage_code, messages FROM totals
)
SELECT g.stage, CAST(s.scenario_id AS VARCHAR) AS scenario_id, t.messages
FROM split t
JOIN scenarios s ON s.code = t.scenario_code
JOIN stages g ON g.code = t.stage_code
