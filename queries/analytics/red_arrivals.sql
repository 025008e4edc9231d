/*---
table: analytics.red_arrivals
block: integrations
grain: [input, source, name, day]
reads: [core.customers, core.deals, core.enrolments, core.order_items, core.stage_history, core.tasks, analytics.fct_event_days, analytics.fct_fact_days]
doc: >-
  Rows per source and day of the whole loaded history; days without rows are not here. A source is an input with what it says of itself: the source and name of events, the channel and kind of fact of message_events. The 200
  largest of an input are named, the others are together (rest). Messages are in analytics.red_message_days.
max_rows: 3000000
columns:
  - {name: input, type: string, doc: "input of the contract"}
  - {name: source, type: string, doc: "source of events, channel of facts; empty when not given, and of rest"}
  - {name: name, type: string, doc: "name of events, kind of fact; empty for the other inputs, and of rest"}
  - {name: rest, type: bool, unit: "1", doc: "all smaller sources of the input together"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day in the business zone"}
  - {name: row_count, type: int64, unit: "rows", doc: "how many rows"}
---*/
WITH days AS (
  SELECT 'events' AS input, COALESCE(CAST(source AS VARCHAR), '') AS source, CAST(name AS VARCHAR) AS name, day, row_count FROM analytics.fct_event_days
  UNION ALL
  SELECT 'message_events', COALESCE(CAST(channel AS VARCHAR), ''), CAST(event_type AS VARCHAR), day, row_count FROM analytics.fct_fact_days
  UNION ALL
  SELECT 'order_items', '', '', day, COUNT(*) FROM core.order_items WHERE day IS NOT NULL GROUP BY day
  UNION ALL
  SELECT 'enrolments', '', '', entered_day, COUNT(*) FROM core.enrolments GROUP BY entered_day
  UNION ALL
  SELECT 'deals', '', '', entered_day, COUNT(*) FROM core.deals GROUP BY entered_day
  UNION ALL
  SELECT 'tasks', '', '', created_day, COUNT(*) FROM core.tasks GROUP BY created_day
  UNION ALL
  SELECT 'stage_history', '', '', entered_day, COUNT(*) FROM core.stage_history GROUP BY entered_day
  UNION ALL
  SELECT 'customers', '', '', created_day, COUNT(*) FROM core.customers WHERE created_day IS NOT NULL GROUP BY created_day
),
sizes AS (
  SELECT input, source, name, SUM(row_count) AS row_count FROM days GROUP BY input, source, name
),
ranks AS (
  SELECT input, source, name, ROW_NUMBER() OVER (PARTITION BY input ORDER BY row_count DESC NULLS LAST, source NULLS LAST, name NULLS LAST) > 200 AS rest FROM sizes
)
SELECT d.input, CASE WHEN r.rest THEN '' ELSE d.source END AS source, CASE WHEN r.rest THEN '(rest)' ELSE d.name END AS name, r.rest, CAST(d.day AS BIGINT) AS day, CAST(SUM(d.row_count) AS BIGINT) AS row_count
FROM days d JOIN ranks r ON r.input = d.input AND r.source = d.source AND r.name = d.name
GROUP BY d.input, CASE WHEN r.rest THEN '' ELSE d.source END, CASE WHEN r.rest THEN '(rest)' ELSE d.name END, r.rest, d.day
