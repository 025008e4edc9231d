/*---
table: analytics.fct_fact_days
block: integrations
grain: [channel, event_type, attribution, day]
reads: [core.message_events]
doc: Facts about messages (message_events) per channel, kind of fact and day, and how they found their message.
columns:
  - {name: channel, type: string, nullable: true, doc: "channel, as the fact names it"}
  - {name: event_type, type: string, doc: "sent, delivered, opened, clicked, bounced, unsubscribed, complained or not_sent"}
  - {name: attribution, type: string, nullable: true, doc: "message_id, latest_send or none: no message was found"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the fact in the business zone"}
  - {name: row_count, type: int64, unit: "facts", doc: "how many"}
---*/
SELECT channel, event_type, attribution, day, COUNT(*) AS row_count
FROM core.message_events
GROUP BY channel, event_type, attribution, day
