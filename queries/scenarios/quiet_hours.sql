/*---
table: scenarios.quiet_hours
block: contact
grain: [channel, scope, scenario_id, service]
doc: >-
  Messages of the audited period sent in the quiet hours of the customer's own local time. Facts. Without declared quiet hours: in the night from 22:00 to
  08:00. Written by contact.Fit.
columns:
  - {name: channel, type: string, doc: "channel; any for all together"}
  - {name: scope, type: string, doc: "all (scenario_id is empty) or scenario"}
  - {name: scenario_id, type: string, doc: "scenario; empty for messages without one"}
  - {name: service, type: bool, unit: "1", doc: "transactional messages and service scenarios: looked at, not called broken"}
  - {name: sent, type: int64, unit: "messages", doc: "messages sent"}
  - {name: broken, type: int64, unit: "messages", doc: "of them in quiet hours"}
  - {name: share, type: float64, unit: "share", doc: "broken / sent"}
  - {name: customers, type: int64, unit: "customers", nullable: true, doc: "different customers who got them; NULL where rows of several scenarios are added up"}
  - {name: declared, type: bool, unit: "1", doc: "audit.yaml names the quiet hours"}
---*/
