/*---
table: analytics.red_usage_owners
block: usage
grain: [owner]
reads: [core.customers, core.deals, core.tasks, scenarios.fct_window]
doc: >-
  Responsible employees by what the data show of them - customers they own, moves of deals and tasks of the audited window. Only what is recorded: who works without leaving a trace looks idle. The 5000 with most rows.
max_rows: 5000
columns:
  - {name: owner, type: string, doc: "responsible employee, as customers, deals or tasks name him"}
  - {name: customers, type: int64, unit: customers, doc: "customers who name him"}
  - {name: deal_moves, type: int64, unit: rows, doc: "moves of deals in the audited window"}
  - {name: tasks_created, type: int64, unit: rows, doc: "tasks created in it"}
  - {name: tasks_done, type: int64, unit: rows, doc: "tasks done in it"}
  - {name: last_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "last day with a move of a deal, a task created or done, within the loaded history; NULL without any"}
---*/
WITH days AS (
  SELECT MIN(from_day) AS from_day, MIN(to_day) AS to_day, MIN(end_day) AS end_day FROM scenarios.fct_window
),
parts AS (
  SELECT CAST(c.owner AS VARCHAR) AS owner, COUNT(*) AS customers, 0 AS deal_moves, 0 AS tasks_created, 0 AS tasks_done, CAST(NULL AS INTEGER) AS last_day
  FROM core.customers c
  WHERE c.owner IS NOT NULL
  GROUP BY CAST(c.owner AS VARCHAR)
  UNION ALL
  SELECT CAST(d.owner AS VARCHAR), 0, SUM(CASE WHEN d.entered_day >= w.from_day AND d.entered_day < w.to_day THEN 1 ELSE 0 END), 0, 0, MAX(CASE WHEN d.entered_day < w.end_day THEN d.entered_day END)
  FROM core.deals d CROSS JOIN days w
  WHERE d.owner IS NOT NULL
  GROUP BY CAST(d.owner AS VARCHAR)
  UNION ALL
  SELECT CAST(t.owner AS VARCHAR), 0, 0, SUM(CASE WHEN t.created_day >= w.from_day AND t.created_day < w.to_day THEN 1 ELSE 0 END),
    SUM(CASE WHEN t.done_day >= w.from_day AND t.done_day < w.to_day THEN 1 ELSE 0 END), MAX(CASE WHEN t.done_day < w.end_day AND t.done_day > t.created_day THEN t.done_day WHEN t.created_day < w.end_day THEN t.created_day END)
  FROM core.tasks t CROSS JOIN days w
  WHERE t.owner IS NOT NULL
  GROUP BY CAST(t.owner AS VARCHAR)
),
owners AS (
  SELECT owner, SUM(customers) AS customers, SUM(deal_moves) AS deal_moves, SUM(tasks_created) AS tasks_created, SUM(tasks_done) AS tasks_done, MAX(last_day) AS last_day
  FROM parts
  GROUP BY owner
),
ranks AS (
  SELECT owner, ROW_NUMBER() OVER (ORDER BY customers + deal_moves + tasks_created + tasks_done DESC NULLS LAST, owner NULLS LAST) AS place FROM owners
)
SELECT o.owner, o.customers, o.deal_moves, o.tasks_created, o.tasks_done, CAST(o.last_day AS BIGINT) AS last_day
FROM owners o JOIN ranks r ON r.owner = o.owner AND r.place <= 5000
