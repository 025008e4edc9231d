/*---
table: scenarios.channels
grain: [scenario_id, channel]
doc: >-
  Messages of scenarios by channel in the audited window, and the channels that a definition names without any. Facts, written by scenarios.Fit.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: channel, type: string, doc: "channel"}
  - {name: declared, type: bool, unit: "1", doc: "the definition names it"}
  - {name: messages, type: int64, unit: "messages", doc: "sent"}
  - {name: not_sent, type: int64, unit: "messages", doc: "decided not to be sent"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered"}
  - {name: opened, type: int64, unit: "messages", doc: "opened, not by machines only"}
  - {name: clicked, type: int64, unit: "messages", doc: "clicked, not by robots only"}
  - {name: bounced, type: int64, unit: "messages", doc: "bounced"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "unsubscribed through it"}
  - {name: complained, type: int64, unit: "messages", doc: "marked as spam"}
  - {name: cost, type: float64, unit: "money", nullable: true, doc: "messages x cost of the channel; NULL when none is given"}
---*/
