/*---
table: analytics.usage_owners
block: usage
grain: [owner]
doc: Responsible employees and what the data show of their work in the CRM. Facts; who works without leaving a trace there looks idle, which is the point. Written by analytics/usage.
columns:
  - {name: owner, type: string, doc: "responsible employee"}
  - {name: customers, type: int64, unit: customers, doc: "customers who name him"}
  - {name: deal_moves, type: int64, unit: rows, doc: "moves of deals in the audited window"}
  - {name: tasks_created, type: int64, unit: rows, doc: "tasks created in it"}
  - {name: tasks_done, type: int64, unit: rows, doc: "tasks done in it"}
  - {name: last_date, type: date, nullable: true, doc: "last day with any of them; NULL without"}
  - {name: state, type: string, doc: "active (a trace in the last 28 days), idle (only before), none (no trace in the audited window)"}
---*/
