/*---
table: scenarios.fct_quiet_messages
block: contact
grain: [ck, sent_sec, ch, sk, service]
reads: [core.cfg_contact, core.customers, core.zone_offsets, scenarios.fct_contacts, scenarios.fct_window]
doc: >-
  Messages of the audited window that reached the customer in the quiet hours of his own local time. Without declared quiet hours: in the night from 22:00 to
  08:00. Customers without a zone, or with one that is not known, have the business zone.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: sent_sec, type: int64, unit: "unix seconds", doc: "time of the send"}
  - {name: ch, type: int64, unit: "1", doc: "channel key, scenarios.red_contact_channels.ch"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key; 0 without a scenario"}
  - {name: service, type: bool, unit: "1", doc: "transactional or of a service scenario, and policy.count_service is off"}
  - {name: local_minute, type: int64, unit: "minutes", doc: "local time of the send, minutes after midnight"}
---*/
WITH offsets AS (
  SELECT c.ck, CAST(GREATEST(z.from_sec, w.from_sec - 86400) AS INTEGER) AS from_sec, CAST(LEAST(z.to_sec, w.to_sec + 86400) AS INTEGER) AS to_sec,
    CAST(z.offset_seconds AS INTEGER) AS offset_seconds
  FROM core.customers c
  CROSS JOIN scenarios.fct_window w
  JOIN core.zone_offsets z ON z.zone = COALESCE(c.timezone, '') AND z.from_sec < w.to_sec + 86400 AND z.to_sec > w.from_sec - 86400
),
placed AS (
  SELECT s.ck, s.sent_sec, s.ch, s.sk, s.service, x_idiv(s.sent_sec + o.offset_seconds - 86400 * x_idiv(s.sent_sec + o.offset_seconds, 86400), 60) AS local_minute
  FROM scenarios.fct_contacts s JOIN offsets o ON o.ck = s.ck AND o.from_sec <= s.sent_sec AND o.to_sec > s.sent_sec
)
SELECT p.ck, p.sent_sec, p.ch, p.sk, p.service, CAST(p.local_minute AS INTEGER) AS local_minute
FROM placed p CROSS JOIN core.cfg_contact c
WHERE CASE WHEN c.quiet_from_minute < c.quiet_to_minute THEN p.local_minute >= c.quiet_from_minute AND p.local_minute < c.quiet_to_minute
  ELSE p.local_minute >= c.quiet_from_minute OR p.local_minute < c.quiet_to_minute END
