/*---
table: analytics.pipeline_owners
block: pipeline
grain: [owner]
doc: >-
  What was counted for each owner. Facts of the period, not a comparison: that is pipeline_groups. Written by pipeline.Fit.
columns:
  - {name: owner, type: string, doc: "responsible employee; empty when nobody; (other) beyond the 200 largest"}
  - {name: deals, type: int64, unit: "deals", doc: "deals open at some time in the period"}
  - {name: entered, type: int64, unit: "deals", doc: "begun in it"}
  - {name: active, type: int64, unit: "deals", doc: "open at its end"}
  - {name: idle, type: int64, unit: "deals", doc: "of active: without movement for more than idle_days"}
  - {name: overdue, type: int64, unit: "deals", doc: "of active: next step in the past or a task overdue"}
  - {name: won, type: int64, unit: "deals", doc: "won in the period"}
  - {name: lost, type: int64, unit: "deals", doc: "lost in the period"}
  - {name: won_amount, type: float64, unit: "currency units", nullable: true, doc: "amounts of won"}
  - {name: tasks, type: int64, unit: "tasks", doc: "tasks under way in the period"}
  - {name: done, type: int64, unit: "tasks", doc: "done in it"}
  - {name: active_days, type: int64, unit: "days", doc: "days on which at least one was done"}
  - {name: tasks_per_day, type: float64, unit: "tasks per day", nullable: true, doc: "done over active_days"}
  - {name: most_per_day, type: int64, unit: "tasks", doc: "most done on one day"}
  - {name: due, type: int64, unit: "tasks", doc: "due in the period"}
  - {name: on_time, type: int64, unit: "tasks", doc: "of due: done by then"}
  - {name: late, type: int64, unit: "tasks", doc: "of due: done later"}
  - {name: overdue_tasks, type: int64, unit: "tasks", doc: "not done at the end and past their time"}
  - {name: undated, type: int64, unit: "tasks", doc: "without a time that they are due"}
---*/
