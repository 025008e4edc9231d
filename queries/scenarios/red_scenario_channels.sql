/*---
table: scenarios.red_scenario_channels
grain: [scenario_id, channel]
reads: [core.messages, scenarios.fct_window]
doc: Messages of scenarios in the audited window by channel. Counts, no sample.
max_rows: 200000
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: channel, type: string, doc: "channel"}
  - {name: messages, type: int64, unit: "messages", doc: "sent"}
  - {name: bulk, type: int64, unit: "messages", doc: "of these, of kind bulk"}
  - {name: transactional, type: int64, unit: "messages", doc: "of these, of kind transactional"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered"}
  - {name: opened, type: int64, unit: "messages", doc: "opened, not by machines only"}
  - {name: clicked, type: int64, unit: "messages", doc: "clicked, not by robots only"}
  - {name: bounced, type: int64, unit: "messages", doc: "bounced"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "unsubscribed through it"}
  - {name: complained, type: int64, unit: "messages", doc: "marked as spam"}
  - {name: not_sent, type: int64, unit: "messages", doc: "decided not to be sent"}
---*/
WITH facts AS (
  SELECT scenario_id, channel, COUNT(*) AS messages, SUM(CASE WHEN kind = 'bulk' THEN 1 ELSE 0 END) AS bulk,
    SUM(CASE WHEN kind = 'transactional' THEN 1 ELSE 0 END) AS transactional, COUNT(delivered_at) AS delivered,
    SUM(CASE WHEN opened_day IS NOT NULL AND NOT COALESCE(machine_open, FALSE) THEN 1 ELSE 0 END) AS opened,
    SUM(CASE WHEN clicked_day IS NOT NULL AND NOT COALESCE(bot_click, FALSE) THEN 1 ELSE 0 END) AS clicked, COUNT(bounced_at) AS bounced,
    COUNT(unsubscribed_day) AS unsubscribed, COUNT(complained_day) AS complained, 0 AS not_sent
  FROM core.messages m CROSS JOIN scenarios.fct_window w
  WHERE scenario_id IS NOT NULL AND sent_day >= w.from_day AND sent_day < w.to_day
  GROUP BY scenario_id, channel
  UNION ALL
  SELECT scenario_id, channel, 0, 0, 0, 0, 0, 0, 0, 0, 0, COUNT(*)
  FROM core.messages m CROSS JOIN scenarios.fct_window w
  WHERE scenario_id IS NOT NULL AND sent_at IS NULL AND x_sec(not_sent_at) >= w.from_sec AND x_sec(not_sent_at) < w.to_sec
  GROUP BY scenario_id, channel
)
SELECT CAST(scenario_id AS VARCHAR) AS scenario_id, CAST(channel AS VARCHAR) AS channel, SUM(messages) AS messages, SUM(bulk) AS bulk,
  SUM(transactional) AS transactional, SUM(delivered) AS delivered, SUM(opened) AS opened, SUM(clicked) AS clicked, SUM(bounced) AS bounced,
  SUM(unsubscribed) AS unsubscribed, SUM(complained) AS complained, SUM(not_sent) AS not_sent
FROM facts
GROUP BY scenario_id, channel
