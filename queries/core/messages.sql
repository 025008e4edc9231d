/*---
table: core.messages
grain: [mk]
doc: "One row per message, sent or decided not to be sent. Facts of message_events are folded in where the source of messages left a column empty."
extra: ["x_*"]
columns:
  - {name: mk, type: int64, unit: "1", doc: "message key: hash of customer and message_id or, without one, of the content; independent of the order of files"}
  - {name: ck, type: int64, unit: "1", doc: "customer key, core.customers.ck"}
  - {name: message_id, type: string, nullable: true, doc: "id in the source"}
  - {name: channel, type: string, doc: "email, sms, push, messenger, call, ...; unknown when only facts without a channel are known"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario, flow, journey"}
  - {name: step_id, type: string, nullable: true, doc: "step of the scenario"}
  - {name: entry_id, type: string, nullable: true, doc: "passage through the scenario"}
  - {name: campaign_id, type: string, nullable: true, doc: "campaign"}
  - {name: template_id, type: string, nullable: true, doc: "template"}
  - {name: kind, type: string, nullable: true, doc: "bulk, trigger or transactional"}
  - {name: variant, type: string, nullable: true, doc: "variant of a test"}
  - {name: priority, type: int64, unit: "1", nullable: true, doc: "priority, as the source counts it"}
  - {name: sent_at, type: timestamp, nullable: true, doc: "sent; NULL: not sent, UTC"}
  - {name: sent_day, type: int64, unit: day, nullable: true, doc: "day of sent_at, days since 1970-01-01 in the business zone"}
  - {name: delivered_at, type: timestamp, nullable: true, doc: "delivered, UTC"}
  - {name: opened_at, type: timestamp, nullable: true, doc: "first opened, UTC"}
  - {name: opened_day, type: int64, unit: day, nullable: true, doc: "day of opened_at, days since 1970-01-01 in the business zone"}
  - {name: opens, type: int64, unit: "1", nullable: true, doc: "number of opens"}
  - {name: clicked_at, type: timestamp, nullable: true, doc: "first clicked, UTC"}
  - {name: clicked_day, type: int64, unit: day, nullable: true, doc: "day of clicked_at, days since 1970-01-01 in the business zone"}
  - {name: clicks, type: int64, unit: "1", nullable: true, doc: "number of clicks"}
  - {name: machine_open, type: bool, unit: "1", nullable: true, doc: "opened by machines only (privacy proxy)"}
  - {name: bot_click, type: bool, unit: "1", nullable: true, doc: "clicked by bots only"}
  - {name: bounced_at, type: timestamp, nullable: true, doc: "bounced, UTC"}
  - {name: bounce_type, type: string, nullable: true, doc: "hard or soft"}
  - {name: unsubscribed_at, type: timestamp, nullable: true, doc: "unsubscribed through this message, UTC"}
  - {name: unsubscribed_day, type: int64, unit: day, nullable: true, doc: "day of unsubscribed_at, days since 1970-01-01 in the business zone"}
  - {name: complained_at, type: timestamp, nullable: true, doc: "marked as spam, UTC"}
  - {name: complained_day, type: int64, unit: day, nullable: true, doc: "day of complained_at, days since 1970-01-01 in the business zone"}
  - {name: not_sent_at, type: timestamp, nullable: true, doc: "the decision not to send, UTC"}
  - {name: not_sent_reason, type: string, nullable: true, doc: "why it was not sent"}
  - {name: personalization, type: string, nullable: true, doc: "none, basic, contextual or behavioural"}
---*/
