/*---
table: scenarios.trigger_channels
block: triggers
grain: [name, channel]
doc: "Time to the answer by the channel of the answering message. Written by scenarios/triggers."
columns:
  - {name: name, type: string, doc: "name of the rule"}
  - {name: channel, type: string, doc: "channel; empty when the answer is not a message"}
  - {name: answered, type: int64, unit: cases, doc: "answered cases, in time or later"}
  - {name: median_latency_seconds, type: float64, unit: seconds, nullable: true, doc: "median time to the answer"}
  - {name: median_lower, type: float64, unit: seconds, nullable: true, doc: "lower end of its 95 % interval"}
  - {name: median_upper, type: float64, unit: seconds, nullable: true, doc: "upper end of its 95 % interval"}
  - {name: p95_latency_seconds, type: float64, unit: seconds, nullable: true, doc: "95th percentile of the time to the answer"}
---*/
