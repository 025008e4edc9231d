/*---
table: core.message_events
grain: [ck, occurred_at, event_type, mk]
doc: "One row per fact about a message, with how it found its message."
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key, core.customers.ck"}
  - {name: event_type, type: string, doc: "sent, delivered, opened, clicked, bounced, unsubscribed, complained or not_sent"}
  - {name: occurred_at, type: timestamp, doc: "when, UTC"}
  - {name: day, type: int64, unit: day, doc: "day of occurred_at, days since 1970-01-01 in the business zone"}
  - {name: channel, type: string, nullable: true, doc: "channel, as the fact names it"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario, as the fact names it"}
  - {name: message_id, type: string, nullable: true, doc: "id of the message, as the fact names it"}
  - {name: mk, type: int64, unit: "1", nullable: true, doc: "the message, core.messages.mk; NULL when none was found"}
  - {name: attribution, type: string, doc: "message_id (by id, or the send itself), latest_send (the latest send of the same customer, channel and scenario within the attribution window) or none"}
---*/
