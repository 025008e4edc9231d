/*---
table: scenarios.red_contact_channels
block: contact
grain: [ch]
reads: [core.messages, scenarios.fct_channels, scenarios.fct_contact_scenarios, scenarios.fct_window]
doc: >-
  The channels of the loaded messages with a small integer key, and what is known of their responses. A message is bulk when its kind says so; without a
  kind when it has a campaign and its scenario has no enrolments.
max_rows: 1000
columns:
  - {name: ch, type: int64, unit: "1", doc: "channel key, scenarios.fct_channels.ch"}
  - {name: channel, type: string, doc: "channel"}
  - {name: sent, type: int64, unit: "messages", doc: "sent messages of the loaded history"}
  - {name: audited, type: int64, unit: "messages", doc: "of them sent in the audited window"}
  - {name: bulk, type: int64, unit: "messages", doc: "sent bulk messages"}
  - {name: kind_known, type: int64, unit: "messages", doc: "sent messages that have a kind"}
  - {name: transactional, type: int64, unit: "messages", doc: "sent messages of kind transactional or of a service scenario"}
  - {name: opened, type: int64, unit: "messages", doc: "of the last 13 weeks of the audited window, opened, by machines too"}
  - {name: opened_machine, type: int64, unit: "messages", doc: "of them by a machine only, as the source says"}
  - {name: opened_fast, type: int64, unit: "messages", doc: "of the others, less than 5 seconds after delivery: machines that the source does not name"}
  - {name: clicked, type: int64, unit: "messages", doc: "of those 13 weeks, clicked, robots left out"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "messages with an unsubscribe"}
  - {name: complained, type: int64, unit: "messages", doc: "messages with a complaint"}
---*/
WITH counts AS (
  SELECT m.channel, COUNT(*) AS sent, SUM(CASE WHEN m.sent_day >= w.from_day AND m.sent_day < w.to_day THEN 1 ELSE 0 END) AS audited,
    SUM(CASE WHEN m.kind = 'bulk' OR m.kind IS NULL AND m.campaign_id IS NOT NULL AND NOT COALESCE(s.enrolled, FALSE) THEN 1 ELSE 0 END) AS bulk,
    COUNT(m.kind) AS kind_known,
    SUM(CASE WHEN COALESCE(m.kind = 'transactional', FALSE) OR COALESCE(s.service, FALSE) THEN 1 ELSE 0 END) AS transactional,
    COUNT(m.unsubscribed_day) AS unsubscribed, COUNT(m.complained_day) AS complained
  FROM core.messages m
  LEFT JOIN scenarios.fct_contact_scenarios s ON s.scenario_id = m.scenario_id
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day IS NOT NULL
  GROUP BY m.channel
),
responses AS (
  SELECT m.channel, COUNT(m.opened_at) AS opened, SUM(CASE WHEN m.opened_at IS NOT NULL AND COALESCE(m.machine_open, FALSE) THEN 1 ELSE 0 END) AS opened_machine,
    SUM(CASE WHEN NOT COALESCE(m.machine_open, FALSE) AND m.opened_day <= m.sent_day + 7
      AND x_sec(m.opened_at) - x_sec(m.delivered_at) BETWEEN 0 AND 4 THEN 1 ELSE 0 END) AS opened_fast,
    SUM(CASE WHEN m.clicked_at IS NOT NULL AND NOT COALESCE(m.bot_click, FALSE) THEN 1 ELSE 0 END) AS clicked
  FROM core.messages m CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day >= w.to_day - 91 AND m.sent_day < w.to_day
  GROUP BY m.channel
)
SELECT h.ch, c.channel, c.sent, c.audited, c.bulk, c.kind_known, c.transactional,
  COALESCE(r.opened, 0) AS opened, COALESCE(r.opened_machine, 0) AS opened_machine, COALESCE(r.opened_fast, 0) AS opened_fast, COALESCE(r.clicked, 0) AS clicked,
  c.unsubscribed, c.complained
FROM counts c
JOIN scenarios.fct_channels h ON h.channel = c.channel
LEFT JOIN responses r ON r.channel = c.channel
