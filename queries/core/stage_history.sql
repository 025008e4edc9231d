/*---
table: core.stage_history
grain: [ck, entered_at, stage]
doc: "Stages recorded by the CRM itself."
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key, core.customers.ck"}
  - {name: stage, type: string, doc: "stage"}
  - {name: entered_at, type: timestamp, doc: "entry, UTC"}
  - {name: entered_day, type: int64, unit: day, doc: "day of entered_at, days since 1970-01-01 in the business zone"}
---*/
