/*---
table: segments.red_pair_window
block: pairs
grain: [number]
reads: [core.assignments, core.customers, lifecycle.fct_grid, lifecycle.fct_panel, scenarios.fct_window, segments.fct_segments]
doc: >-
  The windows of the comparison of segments: who is a member on day is compared by what he does in [from_day, to_day), complete periods of at least 28 days. Members are taken the day
  before, so that a segment defined by behaviour does not differ by its definition alone. Number 1 is the last window; the ones before it lie within the audited time, each ending where the next begins: at
  most 12, and as many as 600,000 customer-windows allow (1 with more customers) and 10 million memberships. None without a complete period or without memberships.
max_rows: 12
columns:
  - {name: number, type: int64, unit: "1", doc: "1 = the last window"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day on which membership counts, the last one before from_day"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first day of the behaviour"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "day after its last one"}
  - {name: sent_to_day, type: int64, unit: "days since 1970-01-01", doc: "messages sent before this day count: those of the last three loaded days are too young for a response"}
  - {name: stage_from, type: int64, unit: "1", doc: "period at whose end a customer's stage is the one before; stage_to when no stage is known before the window"}
  - {name: stage_to, type: int64, unit: "1", doc: "last period of the window: the stage after"}
  - {name: last_day, type: int64, unit: "days since 1970-01-01", doc: "last audited and loaded day"}
  - {name: customers, type: int64, unit: "customers", doc: "customers known on the last audited day"}
  - {name: assignments, type: int64, unit: "rows", doc: "assignments to arms of experiments that are loaded"}
---*/
WITH ends AS (
  SELECT MAX(g.period) AS period, MAX(g.end_day) AS to_day
  FROM lifecycle.fct_grid g CROSS JOIN scenarios.fct_window w
  WHERE g.end_day <= w.to_day AND g.in_panel
),
starts AS (
  SELECT MIN(e.period) AS to_period,
    COALESCE(MAX(CASE WHEN g.start_day <= e.to_day - 28 AND g.start_day > w.first_day THEN g.period END),
      MIN(CASE WHEN g.start_day > w.first_day THEN g.period END), MIN(g.period)) AS from_period
  FROM lifecycle.fct_grid g CROSS JOIN ends e CROSS JOIN scenarios.fct_window w
  WHERE g.period <= e.period
),
known AS (
  SELECT COUNT(*) AS customers FROM core.customers c CROSS JOIN scenarios.fct_window w WHERE c.first_seen_day < w.to_day
),
assigned AS (
  SELECT COUNT(*) AS assignments FROM core.assignments
),
listed AS (
  SELECT CAST(COALESCE(SUM(memberships), 0) AS BIGINT) AS n FROM segments.fct_segments
),
numbers AS (
  SELECT period, ROW_NUMBER() OVER (ORDER BY period NULLS LAST) AS number FROM lifecycle.fct_grid
),
windows AS (
  SELECT n.number, s.from_period - (n.number - 1) * (s.to_period - s.from_period + 1) AS from_period, s.to_period - (n.number - 1) * (s.to_period - s.from_period + 1) AS to_period
  FROM numbers n CROSS JOIN starts s CROSS JOIN known k CROSS JOIN listed l
  WHERE l.n > 0 AND (n.number = 1 OR n.number <= LEAST(12, x_idiv(600000, GREATEST(k.customers, 1)), x_idiv(10000000, GREATEST(l.n, 1))))
)
SELECT CAST(v.number AS INTEGER) AS number, CAST(a.start_day - 1 AS INTEGER) AS day, CAST(a.start_day AS INTEGER) AS from_day, CAST(z.end_day AS INTEGER) AS to_day,
  CAST(GREATEST(a.start_day, LEAST(z.end_day, w.end_day - 3)) AS INTEGER) AS sent_to_day,
  CAST(CASE WHEN v.number = 1 THEN LEAST(GREATEST(v.from_period - 1, p.first_period, p.clean_first), v.to_period)
    WHEN v.from_period - 1 >= p.first_period AND v.from_period - 1 >= p.clean_first THEN v.from_period - 1 ELSE v.to_period END AS INTEGER) AS stage_from,
  CAST(v.to_period AS INTEGER) AS stage_to, CAST(w.to_day - 1 AS INTEGER) AS last_day, k.customers, s.assignments
FROM windows v
JOIN lifecycle.fct_grid a ON a.period = v.from_period
JOIN lifecycle.fct_grid z ON z.period = v.to_period
CROSS JOIN lifecycle.fct_panel p
CROSS JOIN scenarios.fct_window w
CROSS JOIN known k
CROSS JOIN assigned s
WHERE v.number = 1 OR v.from_period >= p.first_period AND a.start_day > w.first_day
