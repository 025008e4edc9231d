/*---
table: scenarios.fct_opt_outs
block: contact
grain: [ck, ch]
reads: [core.messages, scenarios.red_contact_channels]
doc: The first unsubscribe and the first complaint of a customer in a channel, in the whole loaded history.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: ch, type: int64, unit: "1", doc: "channel key, scenarios.red_contact_channels.ch"}
  - {name: unsubscribed_at, type: timestamp, nullable: true, doc: "first unsubscribe, UTC"}
  - {name: unsubscribed_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "its day in the business zone"}
  - {name: complained_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "day of the first complaint in the business zone"}
---*/
SELECT m.ck, h.ch, MIN(m.unsubscribed_at) AS unsubscribed_at, MIN(m.unsubscribed_day) AS unsubscribed_day, MIN(m.complained_day) AS complained_day
FROM core.messages m JOIN scenarios.red_contact_channels h ON h.channel = m.channel
WHERE m.unsubscribed_at IS NOT NULL OR m.complained_at IS NOT NULL
GROUP BY m.ck, h.ch
