/*---
table: analytics.fct_experiment_window
block: experiments
grain: [first_day]
reads: [core.cfg_audit, core.events, core.messages, core.orders]
doc: >-
  The days on which behaviour could be seen, one row, half-open: from the first loaded event, order or message, or the begin of the audited period where that is earlier, to the day after the last loaded
  one, or the end of the audited period when the silence up to it is no longer than one before. Assignments alone do not count: who is assigned after the last event has no outcome yet.
columns:
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "first day"}
  - {name: end_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last one"}
  - {name: end_sec, type: int64, unit: "unix seconds", doc: "begin of end_day"}
---*/
WITH active AS (
  SELECT day FROM core.events GROUP BY day
  UNION ALL
  SELECT day FROM core.orders GROUP BY day
  UNION ALL
  SELECT sent_day FROM core.messages WHERE sent_day IS NOT NULL GROUP BY sent_day
),
gaps AS (
  SELECT day, day - LAG(x_nul(day)) OVER (ORDER BY day NULLS LAST) AS gap
  FROM (SELECT day FROM active GROUP BY day) d
),
seen AS (
  SELECT MIN(day) AS lo, MAX(day) AS hi, COALESCE(MAX(gap), 1) AS gap FROM gaps
),
days AS (
  SELECT COALESCE(LEAST(s.lo, a.from_day), a.from_day) AS first_day,
    CASE WHEN s.hi IS NULL THEN a.from_day WHEN a.to_day > s.hi + 1 AND a.to_day - s.hi <= s.gap THEN a.to_day ELSE s.hi + 1 END AS end_day, a.to_sec - 86400 * a.to_day AS to_shift
  FROM core.cfg_audit a CROSS JOIN seen s
)
SELECT CAST(first_day AS INTEGER) AS first_day, CAST(end_day AS INTEGER) AS end_day, CAST(86400 * end_day + to_shift AS INTEGER) AS end_sec
FROM days
