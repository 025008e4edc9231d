/*---
table: scenarios.fct_lost_messages
block: overlap
grain: [mk_lost, mk_sent]
reads: [core.customers, core.messages, scenarios.fct_lost_pairs, scenarios.fct_scenarios, scenarios.fct_withheld]
doc: >-
  Messages that were not sent although a message of lower priority went to the same customer less than collision_seconds before or after: one row per message not sent and lower one sent. Where sendable is
  false (opted out, no valid address, the sender's own condition, a technical failure) the message would not have gone anyway. A view: filter by scenario_lost and scenario_sent, or by customer.
view: true
columns:
  - {name: scenario_lost, type: string, doc: "scenario of the message not sent"}
  - {name: scenario_sent, type: string, doc: "scenario of the message of lower priority"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: customer_id, type: string, doc: "customer"}
  - {name: mk_lost, type: int64, unit: "1", doc: "message not sent, core.messages.mk"}
  - {name: mk_sent, type: int64, unit: "1", doc: "message sent"}
  - {name: message_lost, type: string, nullable: true, doc: "message not sent, in the source"}
  - {name: message_sent, type: string, nullable: true, doc: "message sent, in the source"}
  - {name: channel_lost, type: string, doc: "channel of the message not sent"}
  - {name: channel_sent, type: string, doc: "channel of the message sent"}
  - {name: not_sent_at, type: timestamp, doc: "the decision not to send, UTC"}
  - {name: sent_at, type: timestamp, doc: "the lower one sent, UTC"}
  - {name: hours_apart, type: float64, unit: "hours", doc: "time between the two"}
  - {name: sent_first, type: bool, unit: "1", doc: "the lower one went before the decision, or in the same second: it may have taken the place"}
  - {name: priority_lost, type: int64, unit: "1", doc: "priority of the message not sent"}
  - {name: priority_sent, type: int64, unit: "1", doc: "priority of the message sent, lower"}
  - {name: reason, type: string, doc: "not_sent_reason; empty when none is given"}
  - {name: kind, type: string, doc: "kind of the reason: cap, quiet_hours, conflict, unknown; no_consent, no_address, condition, failed"}
  - {name: sendable, type: bool, unit: "1", doc: "it could have gone: kind cap, quiet_hours, conflict or unknown"}
---*/
SELECT CAST(a.scenario_id AS VARCHAR) AS scenario_lost, CAST(b.scenario_id AS VARCHAR) AS scenario_sent, p.ck, c.customer_id, p.mk_lost, p.mk_sent,
  CAST(m.message_id AS VARCHAR) AS message_lost, CAST(n.message_id AS VARCHAR) AS message_sent, CAST(m.channel AS VARCHAR) AS channel_lost, CAST(n.channel AS VARCHAR) AS channel_sent,
  m.not_sent_at, n.sent_at, x_ratio(ABS(p.gap), 3600) AS hours_apart, p.gap >= 0 AS sent_first, p.priority_lost, p.priority_sent, w.reason, w.kind, p.sendable
FROM scenarios.fct_lost_pairs p
JOIN scenarios.fct_withheld w ON w.mk = p.mk_lost
JOIN core.messages m ON m.mk = p.mk_lost
JOIN core.messages n ON n.mk = p.mk_sent
JOIN core.customers c ON c.ck = p.ck
JOIN scenarios.fct_scenarios a ON a.sk = p.sk_lost
JOIN scenarios.fct_scenarios b ON b.sk = p.sk_sent
