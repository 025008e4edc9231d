/*---
table: analytics.red_message_flows
block: integrations
grain: [channel, scenario_id]
reads: [analytics.fct_message_days, scenarios.fct_window]
doc: What ever came back from the sends of every channel and scenario in the audited window that are at least 7 days old. The 2000 largest.
max_rows: 2000
columns:
  - {name: channel, type: string, doc: "channel"}
  - {name: scenario_id, type: string, doc: "scenario; empty when not given"}
  - {name: messages, type: int64, unit: "messages", doc: "sent"}
  - {name: stated, type: int64, unit: "messages", doc: "with any status: delivered, bounced, opened or clicked"}
  - {name: delivered, type: int64, unit: "messages", doc: "with a time of delivery"}
  - {name: bounced, type: int64, unit: "messages", doc: "bounced"}
  - {name: opened, type: int64, unit: "messages", doc: "opened"}
  - {name: clicked, type: int64, unit: "messages", doc: "clicked"}
  - {name: early, type: int64, unit: "messages", doc: "opened or clicked on a day before the send"}
---*/
WITH flows AS (
  SELECT CAST(m.channel AS VARCHAR) AS channel, COALESCE(CAST(m.scenario_id AS VARCHAR), '') AS scenario_id, SUM(m.messages) AS messages, SUM(CASE WHEN m.code > 0 THEN m.messages ELSE 0 END) AS stated,
    SUM(CASE WHEN m.code - 2 * x_idiv(m.code, 2) = 1 THEN m.messages ELSE 0 END) AS delivered,
    SUM(CASE WHEN x_idiv(m.code, 2) - 2 * x_idiv(m.code, 4) = 1 THEN m.messages ELSE 0 END) AS bounced,
    SUM(CASE WHEN x_idiv(m.code, 4) - 2 * x_idiv(m.code, 8) = 1 THEN m.messages ELSE 0 END) AS opened,
    SUM(CASE WHEN x_idiv(m.code, 8) - 2 * x_idiv(m.code, 16) = 1 THEN m.messages ELSE 0 END) AS clicked, SUM(CASE WHEN m.code >= 16 THEN m.messages ELSE 0 END) AS early
  FROM analytics.fct_message_days m CROSS JOIN scenarios.fct_window w
  WHERE m.day >= w.from_day AND m.day < w.to_day AND m.day + 7 < w.end_day
  GROUP BY CAST(m.channel AS VARCHAR), COALESCE(CAST(m.scenario_id AS VARCHAR), '')
),
ranks AS (
  SELECT channel, scenario_id, ROW_NUMBER() OVER (ORDER BY messages DESC NULLS LAST, channel NULLS LAST, scenario_id NULLS LAST) AS place FROM flows
)
SELECT f.channel, f.scenario_id, f.messages, f.stated, f.delivered, f.bounced, f.opened, f.clicked, f.early
FROM flows f JOIN ranks r ON r.channel = f.channel AND r.scenario_id = f.scenario_id AND r.place <= 2000
