/*---
table: analytics.fct_deal_tasks
block: pipeline
grain: [dk]
reads: [analytics.fct_deal_keys, core.tasks, scenarios.fct_window]
doc: Tasks by deal, as far as they are of the time before the end of the audited period.
columns:
  - {name: dk, type: int64, unit: "1", doc: "deal"}
  - {name: first_done_sec, type: int64, unit: seconds, nullable: true, doc: "first task done, Unix seconds"}
  - {name: last_sec, type: int64, unit: seconds, nullable: true, doc: "last task created or done, Unix seconds"}
  - {name: overdue, type: int64, unit: tasks, doc: "tasks not done whose time is over"}
---*/
WITH timed AS (
  SELECT k.dk, w.to_sec, x_sec(t.created_at) AS created_sec, x_sec(t.due_at) AS due_sec, x_sec(t.done_at) AS done_sec
  FROM core.tasks t
  JOIN analytics.fct_deal_keys k ON k.deal_id = t.deal_id
  CROSS JOIN scenarios.fct_window w
)
SELECT dk, MIN(CASE WHEN done_sec < to_sec AND done_sec >= created_sec THEN done_sec END) AS first_done_sec,
  MAX(CASE WHEN done_sec < to_sec THEN GREATEST(done_sec, created_sec) WHEN created_sec < to_sec THEN created_sec END) AS last_sec,
  SUM(CASE WHEN due_sec < to_sec AND (done_sec IS NULL OR done_sec >= to_sec) THEN 1 ELSE 0 END) AS overdue
FROM timed
GROUP BY dk
