/*---
table: analytics.red_pipeline_days
block: pipeline
grain: [owner]
reads: [analytics.fct_pipeline_tasks]
doc: Days of the audited period on which an owner finished tasks.
max_rows: 1000
columns:
  - {name: owner, type: string, doc: "responsible employee; empty when nobody; (other) beyond the 200 largest"}
  - {name: days, type: int64, unit: days, doc: "days with at least one task done"}
  - {name: most, type: int64, unit: tasks, doc: "most tasks done on one day"}
---*/
SELECT owner, COUNT(*) AS days, MAX(n) AS most
FROM (SELECT owner, done_day, SUM(tasks) AS n FROM analytics.fct_pipeline_tasks WHERE done_day >= 0 GROUP BY owner, done_day) d
GROUP BY owner
