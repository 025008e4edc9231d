/*---
table: scenarios.fct_trial_entries
block: effects
grain: [sk, ck, day]
reads: [scenarios.fct_entries, scenarios.fct_trial_scenarios]
doc: >-
  Entries that may be treated units of an emulated trial: in the window, the first one after horizon_days without an entry into the same scenario, of the sampled customers.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the entry"}
  - {name: sec, type: int64, unit: "unix seconds", doc: "the first entry of that day"}
---*/
WITH days AS (
  SELECT e.sk, e.ck, e.entered_day AS day, MIN(e.entered_sec) AS sec, s.from_day, s.to_day, s.horizon_days
  FROM scenarios.fct_entries e JOIN scenarios.fct_trial_scenarios s ON s.sk = e.sk AND s.trial
  WHERE NOT e.control AND e.ck * 2654435761 - 4294967296 * x_idiv(e.ck * 2654435761, 4294967296) < x_idiv(4294967296, s.treated_every)
  GROUP BY e.sk, e.ck, e.entered_day, s.from_day, s.to_day, s.horizon_days
),
gaps AS (
  SELECT sk, ck, day, sec, from_day, to_day, horizon_days, LAG(x_nul(day)) OVER (PARTITION BY sk, ck ORDER BY day NULLS LAST) AS before
  FROM days
)
SELECT sk, ck, day, sec
FROM gaps
WHERE day >= from_day AND day < to_day AND (before IS NULL OR day - before >= horizon_days)
