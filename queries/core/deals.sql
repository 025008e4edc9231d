/*---
table: core.deals
grain: [deal_id, entered_at, stage]
doc: "Moves of deals through the pipeline: rows of one deal in time order."
columns:
  - {name: ck, type: int64, unit: "1", nullable: true, doc: "customer key, core.customers.ck"}
  - {name: deal_id, type: string, doc: "deal"}
  - {name: stage, type: string, doc: "stage of the pipeline"}
  - {name: entered_at, type: timestamp, doc: "entry into the stage, UTC"}
  - {name: entered_day, type: int64, unit: day, doc: "day of entered_at, days since 1970-01-01 in the business zone"}
  - {name: owner, type: string, nullable: true, doc: "responsible employee"}
  - {name: amount_minor, type: int64, unit: minor, nullable: true, doc: "amount in minor currency units (x100)"}
  - {name: outcome, type: string, nullable: true, doc: "won, lost or open"}
  - {name: loss_reason, type: string, nullable: true, doc: "why it was lost"}
  - {name: next_step_at, type: timestamp, nullable: true, doc: "planned next step, UTC"}
  - {name: next_step_day, type: int64, unit: day, nullable: true, doc: "day of next_step_at, days since 1970-01-01 in the business zone"}
  - {name: bucket, type: int64, unit: "1", nullable: true, doc: "bucket of deal_id, made as that of customers: the sampling unit of a deal without a customer; NULL where the row names one"}
---*/
