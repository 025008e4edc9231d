/*---
table: segments.red_pair_window
block: pairs
grain: [day]
reads: [core.assignments, core.customers, lifecycle.fct_grid, lifecycle.fct_panel, scenarios.fct_window, segments.fct_segments]
doc: >-
  The time of the comparison of segments, one row: who is a member on day is compared by what he does in [from_day, to_day), the last complete periods of at least 28 days. Members are
  taken the day before, so that a segment defined by behaviour does not differ by its definition alone. None without a complete period or without memberships.
max_rows: 1
columns:
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day on which membership counts, the last one before from_day"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first day of the behaviour"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "day after its last one"}
  - {name: sent_to_day, type: int64, unit: "days since 1970-01-01", doc: "messages sent before this day count: those of the last three loaded days are too young for a response"}
  - {name: stage_from, type: int64, unit: "1", doc: "period at whose end a customer's stage is the one before; stage_to when no stage is known before the window"}
  - {name: stage_to, type: int64, unit: "1", doc: "last period of the window: the stage after"}
  - {name: last_day, type: int64, unit: "days since 1970-01-01", doc: "last audited and loaded day"}
  - {name: customers, type: int64, unit: "customers", doc: "customers known on day"}
  - {name: assignments, type: int64, unit: "rows", doc: "assignments to arms of experiments that are loaded"}
---*/
WITH ends AS (
  SELECT MAX(g.period) AS period, MAX(g.end_day) AS to_day
  FROM lifecycle.fct_grid g CROSS JOIN scenarios.fct_window w
  WHERE g.end_day <= w.to_day AND g.in_panel
),
starts AS (
  SELECT MIN(e.period) AS stage_to, MIN(e.to_day) AS to_day,
    COALESCE(MAX(CASE WHEN g.start_day <= e.to_day - 28 AND g.start_day > w.first_day THEN g.period END),
      MIN(CASE WHEN g.start_day > w.first_day THEN g.period END), MIN(g.period)) AS from_period
  FROM lifecycle.fct_grid g CROSS JOIN ends e CROSS JOIN scenarios.fct_window w
  WHERE g.period <= e.period
),
borders AS (
  SELECT g.start_day - 1 AS day, g.start_day AS from_day, s.to_day, GREATEST(g.start_day, LEAST(s.to_day, w.end_day - 3)) AS sent_to_day,
    LEAST(GREATEST(s.from_period - 1, p.first_period, p.clean_first), s.stage_to) AS stage_from, s.stage_to, w.to_day - 1 AS last_day
  FROM starts s
  JOIN lifecycle.fct_grid g ON g.period = s.from_period
  CROSS JOIN lifecycle.fct_panel p
  CROSS JOIN scenarios.fct_window w
),
known AS (
  SELECT COUNT(*) AS customers FROM core.customers c CROSS JOIN borders b WHERE c.first_seen_day <= b.day
),
listed AS (
  SELECT COUNT(*) AS n FROM segments.fct_segments WHERE memberships > 0
),
assigned AS (
  SELECT COUNT(*) AS assignments FROM core.assignments
)
SELECT CAST(b.day AS INTEGER) AS day, CAST(b.from_day AS INTEGER) AS from_day, CAST(b.to_day AS INTEGER) AS to_day, CAST(b.sent_to_day AS INTEGER) AS sent_to_day,
  CAST(b.stage_from AS INTEGER) AS stage_from, CAST(b.stage_to AS INTEGER) AS stage_to, CAST(b.last_day AS INTEGER) AS last_day, k.customers, a.assignments
FROM borders b CROSS JOIN known k CROSS JOIN assigned a CROSS JOIN listed l
WHERE l.n > 0
