/*---
table: analytics.template_uses
block: content
grain: [template_id, channel, kind, scenario_id]
doc: Where every template of analytics.templates is used, and the response there. Messages are counted on everybody, responses come from the customers of the sample. Written by analytics/content.
columns:
  - {name: template_id, type: string, doc: "template"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, doc: "bulk, trigger or transactional; empty when not given"}
  - {name: scenario_id, type: string, doc: "scenario; empty without one"}
  - {name: role, type: string, doc: "role of the scenario; empty when not given"}
  - {name: messages, type: int64, unit: "messages", doc: "sent in the audited window"}
  - {name: recent_messages, type: int64, unit: "messages", doc: "of them in its last 28 days"}
  - {name: steps, type: int64, unit: "steps", doc: "steps of the scenario"}
  - {name: first_sent, type: date, doc: "day of the first send of the loaded history"}
  - {name: last_sent, type: date, doc: "day of the last send of the audited window"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered to customers of the sample"}
  - {name: customers, type: int64, unit: "customers", doc: "of the sample, with a delivered message"}
  - {name: click_rate, type: float64, unit: share, nullable: true, doc: "clicks per delivered message; NULL where the channel reports no clicks"}
  - {name: click_lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval (jackknife over customers)"}
  - {name: click_upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: open_rate, type: float64, unit: share, nullable: true, doc: "opens per delivered message; NULL where the channel reports none or they cannot be believed"}
  - {name: open_lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval"}
  - {name: open_upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: opens, type: string, doc: "opens of the channel: reliable, unreliable (machines make more than a quarter), not_reported"}
---*/
