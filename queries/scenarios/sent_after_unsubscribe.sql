/*---
table: scenarios.sent_after_unsubscribe
block: contact
grain: [mk]
reads: [core.customers, core.messages, scenarios.fct_contact_scenarios, scenarios.fct_opt_outs, scenarios.fct_window, scenarios.red_contact_channels]
doc: >-
  Every message of the audited window that was sent in a channel after the customer had unsubscribed from that channel. Must be empty but for service
  messages. A later new consent is not among the inputs: who subscribed again stands here too.
columns:
  - {name: mk, type: int64, unit: "1", doc: "message, core.messages.mk"}
  - {name: customer_id, type: string, doc: "customer"}
  - {name: channel, type: string, doc: "channel of the message and of the unsubscribe"}
  - {name: unsubscribed_at, type: timestamp, doc: "first unsubscribe from the channel, UTC"}
  - {name: sent_at, type: timestamp, doc: "the send, UTC"}
  - {name: hours_after, type: int64, unit: "hours", doc: "whole hours between them"}
  - {name: message_id, type: string, nullable: true, doc: "id of the message in the source"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario"}
  - {name: kind, type: string, nullable: true, doc: "bulk, trigger or transactional"}
  - {name: service, type: bool, unit: "1", doc: "transactional or of a service scenario: allowed after an unsubscribe from marketing"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
---*/
SELECT m.mk, c.customer_id, CAST(m.channel AS VARCHAR) AS channel, o.unsubscribed_at, m.sent_at,
  CAST(x_idiv(x_sec(m.sent_at) - x_sec(o.unsubscribed_at), 3600) AS INTEGER) AS hours_after, m.message_id, CAST(m.scenario_id AS VARCHAR) AS scenario_id,
  CAST(m.kind AS VARCHAR) AS kind, COALESCE(m.kind = 'transactional', FALSE) OR COALESCE(s.service, FALSE) AS service, CAST(c.bucket AS INTEGER) AS bucket
FROM core.messages m
JOIN scenarios.red_contact_channels h ON h.channel = m.channel
JOIN scenarios.fct_opt_outs o ON o.ck = m.ck AND o.ch = h.ch
JOIN core.customers c ON c.ck = m.ck
LEFT JOIN scenarios.fct_contact_scenarios s ON s.scenario_id = m.scenario_id
CROSS JOIN scenarios.fct_window w
WHERE m.sent_day >= w.from_day AND m.sent_day < w.to_day AND m.sent_at > o.unsubscribed_at
