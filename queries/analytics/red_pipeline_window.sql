/*---
table: analytics.red_pipeline_window
block: pipeline
grain: [from_day]
reads: [audit.sources, core.deals, core.tasks, scenarios.fct_window]
doc: The borders of the pipeline's data, one row.
max_rows: 1
columns:
  - {name: from_day, type: int64, unit: day, doc: "first audited day that is loaded, days since 1970-01-01"}
  - {name: to_day, type: int64, unit: day, doc: "the day on which deals are looked at: after the last audited day that is loaded"}
  - {name: first_day, type: int64, unit: day, nullable: true, doc: "first row of deals"}
  - {name: last_day, type: int64, unit: day, nullable: true, doc: "last row of deals or of tasks"}
  - {name: deal_rows, type: int64, unit: rows, doc: "rows of deals"}
  - {name: task_rows, type: int64, unit: rows, doc: "rows of tasks"}
  - {name: future_rows, type: int64, unit: rows, doc: "rows of deals and tasks dated at or after the end of the audit; they are not loaded"}
  - {name: customers, type: int64, unit: rows, doc: "rows of deals that name a customer"}
---*/
SELECT w.from_day, w.to_day, d.first_day, CASE WHEN t.last_day > d.last_day OR d.last_day IS NULL THEN t.last_day ELSE d.last_day END AS last_day, d.n AS deal_rows, t.n AS task_rows,
  COALESCE(s.n, 0) AS future_rows, d.customers
FROM scenarios.fct_window w
CROSS JOIN (SELECT COUNT(*) AS n, COUNT(ck) AS customers, MIN(entered_day) AS first_day, MAX(entered_day) AS last_day FROM core.deals) d
CROSS JOIN (SELECT COUNT(*) AS n, MAX(created_day) AS last_day FROM core.tasks) t
CROSS JOIN (SELECT SUM(rows_outside) AS n FROM audit.sources WHERE input IN ('deals', 'tasks')) s
