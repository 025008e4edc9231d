/*---
table: analytics.fct_experiment_window
block: experiments
grain: [first_day]
reads: [core.cfg_audit, core.events, core.messages, core.orders]
doc: >-
  The days on which behaviour could be seen, one row, half-open: from the first loaded event, order or message, or the begin of the audited period where that is earlier, to the day after the last loaded
  one. Assignments alone do not count: who is assigned after the last event has no outcome yet.
columns:
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "first day"}
  - {name: end_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last one"}
  - {name: end_sec, type: int64, unit: "unix seconds", doc: "begin of end_day"}
---*/
WITH seen AS (
  SELECT MIN(day) AS lo, MAX(day) AS hi FROM core.events
  UNION ALL
  SELECT MIN(day), MAX(day) FROM core.orders
  UNION ALL
  SELECT MIN(sent_day), MAX(sent_day) FROM core.messages
),
days AS (
  SELECT COALESCE(LEAST(MIN(s.lo), a.from_day), a.from_day) AS first_day, COALESCE(MAX(s.hi) + 1, a.from_day) AS end_day, a.to_sec - 86400 * a.to_day AS to_shift
  FROM core.cfg_audit a CROSS JOIN seen s
  GROUP BY a.from_day, a.to_sec, a.to_day
)
SELECT CAST(first_day AS INTEGER) AS first_day, CAST(end_day AS INTEGER) AS end_day, CAST(86400 * end_day + to_shift AS INTEGER) AS end_sec
FROM days
