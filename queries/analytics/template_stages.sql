/*---
table: analytics.template_stages
block: content
grain: [template_id, channel, kind, scenario_id, stage]
doc: In which stages customers of the sample were when a template was sent to them (counts, no estimate of everybody). Written by analytics/content.
columns:
  - {name: template_id, type: string, doc: "template"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, doc: "bulk, trigger or transactional; empty when not given"}
  - {name: scenario_id, type: string, doc: "scenario; empty without one"}
  - {name: stage, type: string, doc: "stage in force on the day of the send; empty where none is known"}
  - {name: messages, type: int64, unit: "messages", doc: "sent to customers of the sample"}
  - {name: share, type: float64, unit: share, doc: "of the messages of this use"}
---*/
