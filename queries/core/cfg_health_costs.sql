/*---
table: core.cfg_health_costs
block: health
grain: [channel]
doc: "What a message costs, by channel. Written from money.message_cost of audit.yaml."
columns:
  - {name: channel, type: string, doc: "channel"}
  - {name: cost_micro, type: int64, unit: "1e-6 currency units", doc: "cost of one message"}
---*/
