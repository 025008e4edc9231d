/*---
table: scenarios.fct_messages
grain: [ck, sec, sk, ch, kind]
reads: [core.messages, scenarios.fct_channels, scenarios.fct_message_scenarios]
doc: >-
  The sent messages of the loaded history as small integers, for models that count them: core.messages without names, ids and responses. Messages of one scenario
  in one channel to one customer in one second are so many equal rows.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key, scenarios.fct_scenarios.sk; 0 without a scenario"}
  - {name: ch, type: int64, unit: "1", doc: "channel key, scenarios.fct_channels.ch"}
  - {name: kind, type: int64, unit: "1", doc: "1 bulk, 2 transactional, 3 trigger, 0 not known, 4 anything else"}
  - {name: campaign, type: bool, unit: "1", doc: "a bulk message of a calendar campaign (scenarios.fct_scenarios.bulk)"}
  - {name: sec, type: int64, unit: "unix seconds", doc: "sent"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of sec in the business zone"}
---*/
SELECT m.ck, COALESCE(s.sk, 0) AS sk, COALESCE(h.ch, 0) AS ch,
  CASE WHEN m.kind IS NULL THEN 0 WHEN m.kind = 'bulk' THEN 1 WHEN m.kind = 'transactional' THEN 2 WHEN m.kind = 'trigger' THEN 3 ELSE 4 END AS kind,
  COALESCE(m.kind = 'bulk' AND s.bulk, FALSE) AS campaign, x_sec(m.sent_at) AS sec, m.sent_day AS day
FROM core.messages m
LEFT JOIN scenarios.fct_channels h ON h.channel = m.channel
LEFT JOIN scenarios.fct_message_scenarios s ON s.scenario_id = m.scenario_id
WHERE m.sent_at IS NOT NULL
