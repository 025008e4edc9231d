/*---
table: scenarios.fct_contacts
block: contact
grain: [ck, sent_sec, ch, sk, service]
reads: [core.cfg_contact, core.messages, scenarios.fct_contact_scenarios, scenarios.fct_window, scenarios.red_contact_channels]
doc: >-
  The sent messages of the audited window with integer keys instead of names: what loads, caps and quiet hours are counted on. The message itself is the row
  of core.messages with the same customer, time, channel and scenario.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: sent_sec, type: int64, unit: "unix seconds", doc: "time of the send"}
  - {name: sent_day, type: int64, unit: "days since 1970-01-01", doc: "day of the send in the business zone"}
  - {name: week_day, type: int64, unit: "days since 1970-01-01", doc: "Monday of its week"}
  - {name: ch, type: int64, unit: "1", doc: "channel key, scenarios.red_contact_channels.ch"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key, scenarios.fct_scenarios.sk; 0 without a scenario"}
  - {name: service, type: bool, unit: "1", doc: "not counted against caps: transactional or of a service scenario, unless policy.count_service"}
---*/
SELECT m.ck, x_sec(m.sent_at) AS sent_sec, m.sent_day, CAST(m.sent_day - (m.sent_day - 4 - 7 * x_idiv(m.sent_day - 4, 7)) AS INTEGER) AS week_day, h.ch,
  COALESCE(s.sk, 0) AS sk, NOT c.count_service AND (COALESCE(m.kind = 'transactional', FALSE) OR COALESCE(s.service, FALSE)) AS service
FROM core.messages m
JOIN scenarios.red_contact_channels h ON h.channel = m.channel
LEFT JOIN scenarios.fct_contact_scenarios s ON s.scenario_id = m.scenario_id
CROSS JOIN core.cfg_contact c
CROSS JOIN scenarios.fct_window w
WHERE m.sent_day >= w.from_day AND m.sent_day < w.to_day
