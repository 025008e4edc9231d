/*---
table: scenarios.red_step_channels
grain: [scenario_id, step_id, channel, reason]
reads: [core.messages, scenarios.fct_scenarios, scenarios.fct_window]
doc: Messages of the steps of chains in the audited window by channel, and decisions not to send them by their reason. Counts, no sample; only messages that say their step.
max_rows: 200000
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: step_id, type: string, doc: "step"}
  - {name: channel, type: string, doc: "channel"}
  - {name: sent, type: bool, unit: "1", doc: "sent; else decided not to be sent"}
  - {name: reason, type: string, doc: "not_sent_reason; unknown when none is given, empty for sent messages"}
  - {name: n, type: int64, unit: "messages", doc: "messages"}
---*/
WITH facts AS (
  SELECT m.scenario_id, m.step_id, m.channel, CASE WHEN m.sent_at IS NOT NULL THEN '' ELSE COALESCE(CAST(m.not_sent_reason AS VARCHAR), 'unknown') END AS reason
  FROM core.messages m CROSS JOIN scenarios.fct_window w
  WHERE m.step_id IS NOT NULL AND m.scenario_id IS NOT NULL
    AND (m.sent_day >= w.from_day AND m.sent_day < w.to_day OR m.sent_at IS NULL AND x_sec(m.not_sent_at) >= w.from_sec AND x_sec(m.not_sent_at) < w.to_sec)
),
counts AS (
  SELECT scenario_id, step_id, channel, reason, COUNT(*) AS n
  FROM facts
  GROUP BY scenario_id, step_id, channel, reason
)
SELECT s.scenario_id, CAST(c.step_id AS VARCHAR) AS step_id, CAST(c.channel AS VARCHAR) AS channel, c.reason = '' AS sent, c.reason, c.n
FROM counts c JOIN scenarios.fct_scenarios s ON s.scenario_id = c.scenario_id AND NOT s.bulk
