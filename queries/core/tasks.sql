/*---
table: core.tasks
grain: [task_id]
doc: "Tasks of employees."
columns:
  - {name: ck, type: int64, unit: "1", nullable: true, doc: "customer key, core.customers.ck"}
  - {name: task_id, type: string, doc: "task"}
  - {name: created_at, type: timestamp, doc: "created, UTC"}
  - {name: created_day, type: int64, unit: day, doc: "day of created_at, days since 1970-01-01 in the business zone"}
  - {name: deal_id, type: string, nullable: true, doc: "deal"}
  - {name: owner, type: string, nullable: true, doc: "responsible employee"}
  - {name: due_at, type: timestamp, nullable: true, doc: "due, UTC"}
  - {name: due_day, type: int64, unit: day, nullable: true, doc: "day of due_at, days since 1970-01-01 in the business zone"}
  - {name: done_at, type: timestamp, nullable: true, doc: "done; NULL: open, UTC"}
  - {name: done_day, type: int64, unit: day, nullable: true, doc: "day of done_at, days since 1970-01-01 in the business zone"}
  - {name: bucket, type: int64, unit: "1", nullable: true, doc: "bucket of deal_id, else of task_id, made as that of customers, where the row names no customer; else NULL"}
---*/
