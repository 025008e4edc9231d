/*---
table: analytics.red_backlog_holdouts
block: backlog
grain: [assigned]
reads: [core.assignments, scenarios.fct_entries]
doc: Whether anything was ever held back by chance, one row. Where both are 0, no number of the audit can say what a message brings.
max_rows: 1
columns:
  - {name: assigned, type: int64, unit: customers, doc: "customers with a row in core.assignments"}
  - {name: held, type: int64, unit: entries, doc: "entries of control arms"}
---*/
SELECT a.assigned, h.held
FROM (SELECT COUNT(DISTINCT ck) AS assigned FROM core.assignments) a
CROSS JOIN (SELECT COUNT(CASE WHEN control THEN 1 END) AS held FROM scenarios.fct_entries) h
