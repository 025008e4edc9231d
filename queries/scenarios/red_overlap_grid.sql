/*---
table: scenarios.red_overlap_grid
block: overlap
grain: [start_day]
reads: [core.cfg_audit, core.zone_offsets, scenarios.fct_active, scenarios.fct_scenarios, scenarios.fct_window]
doc: >-
  The calendar steps of overlap and collisions, one row. A step is a week as long as scenarios x steps x cells x buckets stay below four million; then two
  weeks, four, and so on. Collisions count pairs instead: their step is as many weeks as keep pairs of messaging scenarios x steps x time zones at about 1.2 million.
max_rows: 1
columns:
  - {name: start_day, type: int64, unit: "days since 1970-01-01", doc: "the Monday on or before the first audited day"}
  - {name: start_sec, type: int64, unit: "unix seconds", doc: "begin of start_day"}
  - {name: unit_days, type: int64, unit: "days", doc: "length of a step of person-time"}
  - {name: units, type: int64, unit: "1", doc: "number of steps; the first is 0"}
  - {name: send_weeks, type: int64, unit: "weeks", doc: "length of a step of collisions"}
  - {name: weeks, type: int64, unit: "weeks", doc: "weeks from start_day to the end of the audited time"}
  - {name: collision_seconds, type: int64, unit: "seconds", doc: "two messages closer than this collide"}
---*/
WITH days AS (
  SELECT 7 * x_idiv(from_day + 3, 7) - 3 AS start_day, from_sec - 86400 * (from_day + 3 - 7 * x_idiv(from_day + 3, 7)) AS start_sec, from_sec, to_sec
  FROM scenarios.fct_window
),
active AS (
  SELECT a.sk, MIN(GREATEST(a.from_sec, d.from_sec)) AS first_sec, MAX(LEAST(a.to_sec, d.to_sec)) AS last_sec
  FROM scenarios.fct_active a CROSS JOIN days d
  WHERE a.from_sec < d.to_sec AND a.to_sec > d.from_sec
  GROUP BY a.sk
),
steps AS (
  SELECT 1 AS weeks UNION ALL SELECT 2 UNION ALL SELECT 4 UNION ALL SELECT 8 UNION ALL SELECT 13 UNION ALL SELECT 26 UNION ALL SELECT 52 UNION ALL SELECT 104
),
sizes AS (
  SELECT k.weeks, SUM(x_idiv(a.last_sec - 1 - d.start_sec, k.weeks * 604800) - x_idiv(a.first_sec - d.start_sec, k.weeks * 604800) + 1) AS steps
  FROM active a CROSS JOIN days d CROSS JOIN steps k
  GROUP BY k.weeks
),
senders AS (
  SELECT x_idiv(COUNT(*) * (COUNT(*) - 1), 2) + 1 AS pairs FROM scenarios.fct_scenarios WHERE messaged
),
zones AS (
  SELECT LEAST(COUNT(*), 8) + CASE WHEN COUNT(*) = 0 THEN 1 ELSE 0 END AS zones
  FROM (SELECT z.offset_seconds FROM core.zone_offsets z JOIN days d ON z.from_sec <= d.from_sec AND z.to_sec > d.from_sec GROUP BY z.offset_seconds) o
),
chosen AS (
  SELECT COALESCE(MIN(CASE WHEN steps * 600 <= 4000000 THEN weeks END), MAX(weeks), 1) AS weeks FROM sizes
)
SELECT CAST(d.start_day AS INTEGER) AS start_day, CAST(d.start_sec AS INTEGER) AS start_sec, CAST(7 * c.weeks AS INTEGER) AS unit_days,
  CAST(x_idiv(d.to_sec - d.start_sec - 1, 604800 * c.weeks) + 1 AS INTEGER) AS units,
  CAST(1 + x_idiv((x_idiv(d.to_sec - d.start_sec - 1, 604800) + 1) * s.pairs * z.zones, 1200000) AS INTEGER) AS send_weeks,
  CAST(x_idiv(d.to_sec - d.start_sec - 1, 604800) + 1 AS INTEGER) AS weeks, a.collision_seconds
FROM days d CROSS JOIN chosen c CROSS JOIN senders s CROSS JOIN zones z CROSS JOIN core.cfg_audit a
