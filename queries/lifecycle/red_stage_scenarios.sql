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
  - {name: customers, type: int64, unit: "customers", doc: "customers who got one of them"}
---*/
WITH sends AS (
  SELECT m.ck, m.scenario_id, d.period, COUNT(*) AS messages
  FROM core.messages m
  JOIN lifecycle.fct_days d ON d.day = m.sent_day
  JOIN lifecycle.fct_panel p ON d.period >= p.first_period
  WHERE m.scenario_id IS NOT NULL
  GROUP BY m.ck, m.scenario_id, d.period
),
runs AS (
  SELECT r.ck, r.stage, r.last_period,
    CASE WHEN ROW_NUMBER() OVER (PARTITION BY r.ck ORDER BY r.first_period NULLS LAST) = 1 THEN p.first_period - 1 ELSE r.first_period END AS first_period
  FROM lifecycle.fct_stage_runs r CROSS JOIN lifecycle.fct_panel p
),
received AS (
  SELECT s.ck, r.stage, s.scenario_id, SUM(s.messages) AS messages
  FROM sends s JOIN runs r ON r.ck = s.ck AND s.period - 1 >= r.first_period AND s.period - 1 <= r.last_period
  GROUP BY s.ck, r.stage, s.scenario_id
)
SELECT stage, CAST(scenario_id AS VARCHAR) AS scenario_id, CAST(SUM(messages) AS BIGINT) AS messages, COUNT(*) AS customers
FROM received
GROUP BY stage, scenario_id
