/*---
table: scenarios.fct_quiet_messages
block: contact
grain: [mk]
reads: [core.cfg_contact, core.customers, core.messages, core.zone_offsets, scenarios.fct_contact_scenarios, scenarios.fct_window, scenarios.red_contact_channels]
doc: >-
  Messages of the audited window that reached the customer in the quiet hours of his own local time. Without declared quiet hours: in the night from 22:00 to
  08:00. Customers without a zone, or with one that is not known, have the business zone.
columns:
  - {name: mk, type: int64, unit: "1", doc: "message, core.messages.mk"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: ch, type: int64, unit: "1", doc: "channel key, scenarios.red_contact_channels.ch"}
  - {name: sk, type: int64, unit: "1", nullable: true, doc: "scenario key; NULL without a scenario"}
  - {name: service, type: bool, unit: "1", doc: "transactional or of a service scenario, and policy.count_service is off"}
  - {name: local_minute, type: int64, unit: "minutes", doc: "local time of the send, minutes after midnight"}
---*/
WITH offsets AS (
  SELECT c.ck, c.bucket, z.from_sec, z.to_sec, z.offset_seconds
  FROM core.customers c
  CROSS JOIN scenarios.fct_window w
  JOIN core.zone_offsets z ON z.zone = COALESCE(c.timezone, '') AND z.from_sec < w.to_sec + 86400 AND z.to_sec > w.from_sec - 86400
),
sent AS (
  SELECT m.mk, m.ck, x_sec(m.sent_at) AS t, h.ch, s.sk, c.quiet_from_minute, c.quiet_to_minute,
    NOT c.count_service AND (COALESCE(m.kind = 'transactional', FALSE) OR COALESCE(s.service, FALSE)) AS service
  FROM core.messages m
  JOIN scenarios.red_contact_channels h ON h.channel = m.channel
  LEFT JOIN scenarios.fct_contact_scenarios s ON s.scenario_id = m.scenario_id
  CROSS JOIN core.cfg_contact c
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day >= w.from_day AND m.sent_day < w.to_day
),
placed AS (
  SELECT s.mk, s.ck, o.bucket, s.ch, s.sk, s.service, s.quiet_from_minute, s.quiet_to_minute,
    x_idiv(s.t + o.offset_seconds - 86400 * x_idiv(s.t + o.offset_seconds, 86400), 60) AS local_minute
  FROM sent s JOIN offsets o ON o.ck = s.ck AND o.from_sec <= s.t AND o.to_sec > s.t
)
SELECT mk, ck, CAST(bucket AS INTEGER) AS bucket, ch, sk, service, CAST(local_minute AS INTEGER) AS local_minute
FROM placed
WHERE CASE WHEN quiet_from_minute < quiet_to_minute THEN local_minute >= quiet_from_minute AND local_minute < quiet_to_minute
  ELSE local_minute >= quiet_from_minute OR local_minute < quiet_to_minute END
