/*---
table: analytics.fct_pipeline_tasks
block: pipeline
grain: [owner, done_day, bucket]
reads: [analytics.fct_deal_keys, core.customers, core.tasks, scenarios.fct_window]
doc: Tasks that were under way in the audited period, counted by owner, day of completion and bucket. Owners beyond the 200 with the most tasks are put together as (other).
columns:
  - {name: owner, type: string, doc: "responsible employee; empty when nobody; (other) beyond the 200 largest"}
  - {name: done_day, type: int64, unit: day, doc: "day on which they were done in the period, days since 1970-01-01; -1 for those that were not"}
  - {name: bucket, type: int64, unit: "1", doc: "bucket of the customer, of the deal, else of the task"}
  - {name: tasks, type: int64, unit: tasks, doc: "tasks"}
  - {name: created, type: int64, unit: tasks, doc: "of these created in the period"}
  - {name: due, type: int64, unit: tasks, doc: "due in the period"}
  - {name: on_time, type: int64, unit: tasks, doc: "of due: done by then"}
  - {name: late, type: int64, unit: tasks, doc: "of due: done later"}
  - {name: active, type: int64, unit: tasks, doc: "not done at the end of the period"}
  - {name: active_due, type: int64, unit: tasks, doc: "of active: with a time that they are due"}
  - {name: overdue, type: int64, unit: tasks, doc: "of active: the time is over"}
  - {name: undated, type: int64, unit: tasks, doc: "without a time that they are due"}
  - {name: unreal, type: int64, unit: tasks, doc: "done before they were created, or after the end of the data"}
---*/
WITH timed AS (
  SELECT COALESCE(CAST(t.owner AS VARCHAR), '') AS owner, COALESCE(c.bucket, k.bucket, t.bucket, 0) AS bucket, w.from_sec, w.to_sec, t.done_day,
    x_sec(t.created_at) AS created_sec, x_sec(t.due_at) AS due_sec, x_sec(t.done_at) AS done_sec
  FROM core.tasks t
  LEFT JOIN core.customers c ON c.ck = t.ck
  LEFT JOIN analytics.fct_deal_keys k ON k.deal_id = t.deal_id
  CROSS JOIN scenarios.fct_window w
),
marked AS (
  SELECT owner, bucket, CASE WHEN done_sec >= from_sec AND done_sec < to_sec THEN done_day ELSE -1 END AS done_day, CASE WHEN created_sec >= from_sec THEN 1 ELSE 0 END AS created,
    CASE WHEN due_sec >= from_sec AND due_sec < to_sec THEN 1 ELSE 0 END AS due, CASE WHEN done_sec < to_sec THEN CASE WHEN done_sec <= due_sec THEN 1 WHEN done_sec > due_sec THEN 2 END ELSE 0 END AS done,
    CASE WHEN done_sec < to_sec THEN 0 ELSE 1 END AS active, CASE WHEN due_sec < to_sec THEN 1 ELSE 0 END AS past, CASE WHEN due_sec IS NULL THEN 1 ELSE 0 END AS undated,
    CASE WHEN done_sec < created_sec OR done_sec >= to_sec THEN 1 ELSE 0 END AS unreal
  FROM timed
  WHERE created_sec < to_sec AND COALESCE(done_sec, to_sec) >= from_sec
),
places AS (
  SELECT owner, ROW_NUMBER() OVER (ORDER BY n DESC NULLS LAST, owner NULLS LAST) AS place FROM (SELECT owner, COUNT(*) AS n FROM marked GROUP BY owner) o
)
SELECT CASE WHEN p.place <= 200 THEN m.owner ELSE '(other)' END AS owner, m.done_day, m.bucket, COUNT(*) AS tasks, CAST(SUM(m.created) AS BIGINT) AS created, CAST(SUM(m.due) AS BIGINT) AS due,
  CAST(SUM(CASE WHEN m.due = 1 AND m.done = 1 THEN 1 ELSE 0 END) AS BIGINT) AS on_time, CAST(SUM(CASE WHEN m.due = 1 AND m.done = 2 THEN 1 ELSE 0 END) AS BIGINT) AS late, CAST(SUM(m.active) AS BIGINT) AS active,
  CAST(SUM(m.active * (1 - m.undated)) AS BIGINT) AS active_due, CAST(SUM(m.active * m.past) AS BIGINT) AS overdue, CAST(SUM(m.undated) AS BIGINT) AS undated, CAST(SUM(m.unreal) AS BIGINT) AS unreal
FROM marked m JOIN places p ON p.owner = m.owner
GROUP BY CASE WHEN p.place <= 200 THEN m.owner ELSE '(other)' END, m.done_day, m.bucket
