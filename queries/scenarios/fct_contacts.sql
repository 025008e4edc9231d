/*---
table: scenarios.fct_contacts
block: contact
grain: [ck, sent_sec, ch, sk, service]
reads: [core.cfg_contact, scenarios.fct_contact_scenarios, scenarios.fct_messages, scenarios.fct_window]
doc: >-
  The sent messages of the audited window (scenarios.fct_messages): what loads, caps and quiet hours are counted on. The message itself is the row
  of core.messages with the same customer, time, channel and scenario.
view: true
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: sent_sec, type: int64, unit: "unix seconds", doc: "time of the send"}
  - {name: sent_day, type: int64, unit: "days since 1970-01-01", doc: "day of the send in the business zone"}
  - {name: week_day, type: int64, unit: "days since 1970-01-01", doc: "Monday of its week"}
  - {name: ch, type: int64, unit: "1", doc: "channel key, scenarios.red_contact_channels.ch"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key, scenarios.fct_scenarios.sk; 0 without a scenario"}
  - {name: service, type: bool, unit: "1", doc: "not counted against caps: transactional or of a service scenario, unless policy.count_service"}
---*/
SELECT m.ck, m.sec AS sent_sec, m.day AS sent_day, CAST(m.day - (m.day - 4 - 7 * x_idiv(m.day - 4, 7)) AS INTEGER) AS week_day, m.ch, m.sk,
  NOT c.count_service AND (m.kind = 2 OR COALESCE(s.service, FALSE)) AS service
FROM scenarios.fct_messages m
LEFT JOIN scenarios.fct_contact_scenarios s ON s.sk = m.sk
CROSS JOIN core.cfg_contact c
CROSS JOIN scenarios.fct_window w
WHERE m.day >= w.from_day AND m.day < w.to_day
