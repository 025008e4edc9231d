/*---
table: scenarios.fct_trial_starts
block: effects
grain: [sk, ck, day]
reads: [core.events, scenarios.fct_entries, scenarios.fct_trial_entries, scenarios.fct_trial_scenarios]
doc: >-
  Trials that begin with an event, for scenarios at least half of whose entries follow an event of one name on the same day or the day before: the one that the definition names as trigger, else the rarest such name.
  Entries come on the day of the event or, where most do (a nightly batch), on the next one. A trial is a customer's first such event in each seven days, with no entry in the horizon_days before that day; treated when he enters on it. The other scenarios have no rows here.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the event: time zero"}
  - {name: every, type: int64, unit: "1", doc: "one customer in so many is sampled"}
  - {name: treated, type: bool, unit: "1", doc: "entered on this day or, with a nightly batch, on the next one"}
---*/
WITH events AS (
  SELECT e.ck, e.name, e.day, MIN(x_sec(e.occurred_at)) AS sec
  FROM core.events e JOIN (SELECT ck FROM scenarios.fct_trial_entries GROUP BY ck) x ON x.ck = e.ck
  GROUP BY e.ck, e.name, e.day
),
hits AS (
  SELECT x.sk, e.name, x.ck, x.day, MIN(x.day - e.day) AS lag
  FROM scenarios.fct_trial_entries x JOIN events e ON e.ck = x.ck AND e.day >= x.day - 1 AND e.day <= x.day
  WHERE e.sec <= x.sec
  GROUP BY x.sk, e.name, x.ck, x.day
),
hit AS (
  SELECT sk, name, COUNT(*) AS n, SUM(lag) AS late FROM hits GROUP BY sk, name
),
entered AS (
  SELECT sk, COUNT(*) AS n FROM scenarios.fct_trial_entries GROUP BY sk
),
seen AS (
  SELECT name, COUNT(*) AS n FROM core.events GROUP BY name
),
ranked AS (
  SELECT s.sk, h.name, s.from_day, s.to_day, s.horizon_days, s.scenarios, v.n, CASE WHEN 2 * h.late > h.n THEN 1 ELSE 0 END AS lag,
    ROW_NUMBER() OVER (PARTITION BY s.sk ORDER BY CASE WHEN CAST(h.name AS VARCHAR) = s.trigger THEN 0 ELSE 1 END NULLS LAST, v.n NULLS LAST, CAST(h.name AS VARCHAR) NULLS LAST) AS place
  FROM hit h
  JOIN entered e ON e.sk = h.sk
  JOIN seen v ON v.name = h.name
  JOIN scenarios.fct_trial_scenarios s ON s.sk = h.sk
  WHERE 2 * h.n >= e.n
),
chosen AS (
  SELECT sk, name, lag, from_day, to_day, horizon_days, 1 + x_idiv(n * scenarios, 1000000) AS every FROM ranked WHERE place = 1
),
days AS (
  SELECT c.sk, e.ck, e.day, c.lag, c.from_day, c.horizon_days, c.every
  FROM core.events e JOIN chosen c ON c.name = e.name
  WHERE e.day >= c.from_day AND e.day < c.to_day AND e.ck * 2654435761 - 4294967296 * x_idiv(e.ck * 2654435761, 4294967296) < x_idiv(4294967296, c.every)
  GROUP BY c.sk, e.ck, e.day, c.lag, c.from_day, c.horizon_days, c.every
),
sampled AS (
  SELECT sk, ck, day, lag, horizon_days, every, ROW_NUMBER() OVER (PARTITION BY sk, ck, x_idiv(day - from_day, 7) ORDER BY day NULLS LAST) AS place
  FROM days
),
firsts AS (
  SELECT f.sk, f.ck, f.day, f.every,
    MAX(CASE WHEN NOT e.control AND e.entered_day = f.day + f.lag THEN 1 ELSE 0 END) AS treated,
    MAX(CASE WHEN e.entered_day < f.day + f.lag THEN 1 WHEN e.control THEN 1 ELSE 0 END) AS spoiled
  FROM sampled f LEFT JOIN scenarios.fct_entries e ON e.sk = f.sk AND e.ck = f.ck AND e.entered_day > f.day - f.horizon_days AND e.entered_day <= f.day + f.lag
  WHERE f.place = 1
  GROUP BY f.sk, f.ck, f.day, f.every
)
SELECT sk, ck, day, CAST(every AS BIGINT) AS every, treated = 1 AS treated
FROM firsts
WHERE spoiled = 0
