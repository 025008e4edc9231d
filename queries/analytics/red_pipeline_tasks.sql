/*---
table: analytics.red_pipeline_tasks
block: pipeline
grain: [owner, bucket]
reads: [analytics.fct_pipeline_tasks]
doc: Tasks that were under way in the audited period by owner.
max_rows: 50000
columns:
  - {name: owner, type: string, doc: "responsible employee; empty when nobody; (other) beyond the 200 largest"}
  - {name: bucket, type: int64, unit: "1", doc: "bucket, 0..99"}
  - {name: tasks, type: int64, unit: tasks, doc: "tasks"}
  - {name: created, type: int64, unit: tasks, doc: "created in the period"}
  - {name: done, type: int64, unit: tasks, doc: "done in the period"}
  - {name: due, type: int64, unit: tasks, doc: "due in the period"}
  - {name: on_time, type: int64, unit: tasks, doc: "of due: done by then"}
  - {name: late, type: int64, unit: tasks, doc: "of due: done later"}
  - {name: active, type: int64, unit: tasks, doc: "not done at the end of the period"}
  - {name: active_due, type: int64, unit: tasks, doc: "of active: with a time that they are due"}
  - {name: overdue, type: int64, unit: tasks, doc: "of active: the time is over"}
  - {name: undated, type: int64, unit: tasks, doc: "without a time that they are due"}
  - {name: unreal, type: int64, unit: tasks, doc: "done before they were created, or after the end of the data"}
---*/
SELECT owner, bucket, SUM(tasks) AS tasks, SUM(created) AS created, SUM(CASE WHEN done_day >= 0 THEN tasks ELSE 0 END) AS done, SUM(due) AS due, SUM(on_time) AS on_time, SUM(late) AS late,
  SUM(active) AS active, SUM(active_due) AS active_due, SUM(overdue) AS overdue, SUM(undated) AS undated, SUM(unreal) AS unreal
FROM analytics.fct_pipeline_tasks
GROUP BY owner, bucket
