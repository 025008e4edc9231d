/*---
table: analytics.fct_health_messages
block: health
grain: [ck, channel]
reads: [core.messages, core.cfg_audit]
doc: Messages of a customer by channel - what was sent and bounced in the audited period, and when he last answered one, over the whole history before its end.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: channel, type: string, doc: "channel"}
  - {name: sent, type: int64, unit: "messages", doc: "sent in the audited period"}
  - {name: bounced, type: int64, unit: "messages", doc: "of them, bounced, whenever that was known"}
  - {name: ever_bounced, type: int64, unit: "messages", doc: "bounced, of all that was sent before the end of the audited period"}
  - {name: response_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "last opened by a human or clicked, before the end of the audited period"}
---*/
SELECT m.ck, m.channel,
  CAST(COUNT(CASE WHEN m.sent_day >= a.from_day THEN 1 END) AS INTEGER) AS sent,
  CAST(COUNT(CASE WHEN m.sent_day >= a.from_day THEN m.bounced_at END) AS INTEGER) AS bounced,
  CAST(COUNT(m.bounced_at) AS INTEGER) AS ever_bounced,
  MAX(CASE WHEN m.clicked_day < a.to_day AND NOT COALESCE(m.bot_click, FALSE) THEN m.clicked_day
    WHEN m.opened_day < a.to_day AND NOT COALESCE(m.machine_open, FALSE) THEN m.opened_day END) AS response_day
FROM core.messages m CROSS JOIN core.cfg_audit a
WHERE m.sent_day < a.to_day
GROUP BY m.ck, m.channel
