/*---
table: analytics.fct_experiment_events
block: experiments
grain: [xk, ck, nk]
reads: [analytics.fct_experiment_units, analytics.red_experiment_names, core.events]
doc: What randomized customers did after the assignment and in an equal time before it, by event name. Only customers with at least one such event have a row.
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: nk, type: int64, unit: "1", doc: "outcome key, analytics.red_experiment_names.nk"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the assignment"}
  - {name: cell, type: int64, unit: "1", doc: "(ak * 2 + state) * 128 + bucket"}
  - {name: y, type: int64, unit: "1", doc: "1 with such an event in [t, t + H)"}
  - {name: x, type: int64, unit: "1", doc: "1 with such an event in [t - H, t)"}
---*/
WITH span AS (
  SELECT MIN(day - within_days) - 1 AS lo, MAX(day + within_days) + 1 AS hi FROM analytics.fct_experiment_units WHERE state <= 1
),
near AS (
  SELECT e.ck, e.name, e.day, x_sec(e.occurred_at) AS sec
  FROM core.events e CROSS JOIN span s
  WHERE e.day >= s.lo AND e.day <= s.hi
),
met AS (
  SELECT (u.xk * CAST(2147483648 AS BIGINT) + u.ck) * 4096 + n.nk AS packed, u.day, (u.ak * 2 + u.state) * 128 + u.bucket AS cell, CASE WHEN e.sec >= u.start_sec THEN 1 ELSE 0 END AS y
  FROM near e
  JOIN analytics.fct_experiment_units u ON u.ck = e.ck
  JOIN analytics.red_experiment_names n ON n.xk = u.xk AND n.name = e.name
  WHERE u.state <= 1 AND e.sec < CAST(u.start_sec AS BIGINT) + 86400 * u.within_days AND e.sec >= CAST(u.start_sec AS BIGINT) - 86400 * u.within_days
),
folded AS (
  SELECT packed, MIN(day) AS day, MIN(cell) AS cell, MAX(y) AS y, 1 - MIN(y) AS x FROM met GROUP BY packed
)
SELECT CAST(x_idiv(packed, 8796093022208) AS INTEGER) AS xk, CAST(x_idiv(packed, 4096) - 2147483648 * x_idiv(packed, 8796093022208) AS INTEGER) AS ck, CAST(packed - 4096 * x_idiv(packed, 4096) AS INTEGER) AS nk,
  day, cell, y, x
FROM folded
