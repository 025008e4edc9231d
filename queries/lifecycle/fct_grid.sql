/*---
table: lifecycle.fct_grid
grain: [period]
reads: [core.periods, core.calendar, core.history, core.cfg_lifecycle]
doc: >-
  Periods at whose end a stage is evaluated: the complete periods of the panel and, before them with falling numbers, the same grid back to the
  first loaded day, so that a stage's age is known when the panel starts. The grain is read off the length of the complete periods. The oldest quarter or year starts with the oldest month loaded.
columns:
  - {name: period, type: int64, unit: "1", doc: "number as in core.periods; history runs on below the first complete one, through 0 and negative"}
  - {name: start_day, type: int64, unit: "days since 1970-01-01", doc: "first day"}
  - {name: end_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last one"}
  - {name: in_panel, type: bool, unit: "1", doc: "a complete period of the audit; else history"}
  - {name: burn_in, type: bool, unit: "1", doc: "the rules look back from its end to before the first loaded day"}
---*/
WITH panel AS (
  SELECT MIN(period) AS period, MIN(start_day) AS start_day, MAX(end_day - start_day) AS days
  FROM core.periods
  WHERE complete
),
months AS (
  SELECT m.month_start_day AS start_day, ROW_NUMBER() OVER (ORDER BY m.month_start_day DESC NULLS LAST) AS back,
    ROW_NUMBER() OVER (ORDER BY m.month_start_day NULLS LAST) AS number
  FROM (SELECT c.month_start_day FROM core.calendar c JOIN panel p ON c.month_start_day < p.start_day GROUP BY c.month_start_day) m
),
starts AS (
  SELECT c.day AS start_day FROM core.calendar c JOIN panel p ON p.days = 1 AND c.day < p.start_day
  UNION ALL
  SELECT c.week_start_day FROM core.calendar c JOIN panel p ON p.days = 7 AND c.week_start_day < p.start_day GROUP BY c.week_start_day
  UNION ALL
  SELECT m.start_day FROM months m JOIN panel p ON p.days BETWEEN 28 AND 31
  UNION ALL
  SELECT m.start_day FROM months m JOIN panel p ON p.days BETWEEN 89 AND 92 AND (m.back = 3 * x_idiv(m.back, 3) OR m.number = 1)
  UNION ALL
  SELECT m.start_day FROM months m JOIN panel p ON p.days BETWEEN 365 AND 366 AND (m.back = 12 * x_idiv(m.back, 12) OR m.number = 1)
),
grid AS (
  SELECT p.period - ROW_NUMBER() OVER (ORDER BY s.start_day DESC NULLS LAST) AS period, s.start_day,
    COALESCE(x_nul(LEAD(x_nul(s.start_day)) OVER (ORDER BY s.start_day NULLS LAST)), p.start_day) AS end_day, FALSE AS in_panel
  FROM starts s CROSS JOIN panel p
  UNION ALL
  SELECT period, start_day, end_day, TRUE FROM core.periods WHERE complete
)
SELECT CAST(g.period AS INTEGER) AS period, CAST(g.start_day AS INTEGER) AS start_day, CAST(g.end_day AS INTEGER) AS end_day, g.in_panel,
  NOT c.history_complete AND g.end_day - c.lookback_days < h.first_day AS burn_in
FROM grid g CROSS JOIN core.cfg_lifecycle c CROSS JOIN core.history h
