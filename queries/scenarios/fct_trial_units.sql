/*---
table: scenarios.fct_trial_units
block: effects
grain: [sk, ck, day]
reads: [scenarios.fct_entries, scenarios.fct_trial_entries, scenarios.fct_trial_locks, scenarios.fct_trial_points, scenarios.fct_trial_sample, scenarios.fct_trial_scenarios, scenarios.fct_trial_starts]
doc: >-
  The units of the emulated trials: one customer at one time zero for one scenario, treated (enters that day) or comparator (meets the same condition, in the same stage with the same bins of recency, tenure
  and orders as some entrant, has not entered within horizon_days before and does not enter that day; he may enter later). A scenario with many comparators keeps one customer in comparator_every.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "time zero"}
  - {name: horizon_days, type: int64, unit: "days", doc: "outcome window"}
  - {name: treated, type: bool, unit: "1", doc: "entered"}
  - {name: cell, type: int64, unit: "1", doc: "bins in one number, mixed radix from the left: fortnight of the window, stage 256, age 3, recency 13, tenure 4, orders 6, worth 3, phase 4, engagement 3, pressure 4"}
  - {name: comparator_every, type: int64, unit: "1", nullable: true, doc: "NULL for treated units; one customer in so many was looked at as a comparator"}
---*/
WITH treated AS (
  SELECT x.sk, x.ck, x.day FROM scenarios.fct_trial_entries x JOIN scenarios.fct_trial_locks l ON l.sk = x.sk AND NOT l.by_event
  UNION ALL
  SELECT sk, ck, day FROM scenarios.fct_trial_starts WHERE treated
),
entrants AS (
  SELECT x.sk, x.ck, p.bucket, x.day, p.st, p.age, p.recency, p.tenure, p.orders, p.worth, p.phase, p.engagement, p.pressure, l.by_event, l.recency_from, l.recency_to, l.tenure_from, l.tenure_to
  FROM treated x
  JOIN scenarios.fct_trial_points p ON p.ck = x.ck AND p.day = x.day
  JOIN scenarios.fct_trial_locks l ON l.sk = x.sk
  WHERE l.by_event OR p.recency_days >= l.recency_from AND p.recency_days <= l.recency_to AND p.tenure_days >= l.tenure_from AND p.tenure_days <= l.tenure_to
),
wanted AS (
  SELECT x.sk, x.st, x.recency, x.tenure, x.orders, s.weekday, x.recency_from, x.recency_to, x.tenure_from, x.tenure_to, s.from_day, s.to_day, s.horizon_days
  FROM entrants x JOIN scenarios.fct_trial_scenarios s ON s.sk = x.sk
  WHERE NOT x.by_event
  GROUP BY x.sk, x.st, x.recency, x.tenure, x.orders, s.weekday, x.recency_from, x.recency_to, x.tenure_from, x.tenure_to, s.from_day, s.to_day, s.horizon_days
),
sizes AS (
  SELECT w.sk, 1 + x_idiv(COUNT(*) * MAX(s.scenarios), 800000) AS every
  FROM scenarios.fct_trial_points p
  JOIN wanted w ON w.st = p.st AND w.recency = p.recency AND w.tenure = p.tenure AND w.orders = p.orders
  JOIN scenarios.fct_trial_scenarios s ON s.sk = w.sk
  WHERE p.panel AND p.day >= w.from_day AND p.day < w.to_day AND p.recency_days >= w.recency_from AND p.recency_days <= w.recency_to
    AND p.tenure_days >= w.tenure_from AND p.tenure_days <= w.tenure_to AND (w.weekday IS NULL OR p.day + 4 - 7 * x_idiv(p.day + 3, 7) = w.weekday)
  GROUP BY w.sk
),
others AS (
  SELECT w.sk, z.every, p.ck, p.bucket, p.day, p.st, p.age, p.recency, p.tenure, p.orders, p.worth, p.phase, p.engagement, p.pressure
  FROM scenarios.fct_trial_points p
  JOIN wanted w ON w.st = p.st AND w.recency = p.recency AND w.tenure = p.tenure AND w.orders = p.orders
  JOIN sizes z ON z.sk = w.sk
  WHERE p.panel AND p.day >= w.from_day AND p.day < w.to_day AND p.recency_days >= w.recency_from AND p.recency_days <= w.recency_to
    AND p.tenure_days >= w.tenure_from AND p.tenure_days <= w.tenure_to AND (w.weekday IS NULL OR p.day + 4 - 7 * x_idiv(p.day + 3, 7) = w.weekday)
    AND p.ck * 3266489917 - 4294967296 * x_idiv(p.ck * 3266489917, 4294967296) < x_idiv(4294967296, z.every)
    AND NOT EXISTS (SELECT 1 FROM scenarios.fct_entries e WHERE e.ck = p.ck AND e.sk = w.sk AND e.entered_day <= p.day AND e.entered_day > p.day - w.horizon_days)
),
units AS (
  SELECT x.sk, x.ck, x.bucket, x.day, TRUE AS treated, x.st, x.age, x.recency, x.tenure, x.orders, x.worth, x.phase, x.engagement, x.pressure, CAST(NULL AS BIGINT) AS comparator_every
  FROM entrants x
  UNION ALL
  SELECT o.sk, o.ck, o.bucket, o.day, FALSE, o.st, o.age, o.recency, o.tenure, o.orders, o.worth, o.phase, o.engagement, o.pressure, o.every * a.every
  FROM others o CROSS JOIN scenarios.fct_trial_sample a
  UNION ALL
  SELECT t.sk, t.ck, p.bucket, t.day, FALSE, p.st, p.age, p.recency, p.tenure, p.orders, p.worth, p.phase, p.engagement, p.pressure, t.every
  FROM scenarios.fct_trial_starts t JOIN scenarios.fct_trial_points p ON p.ck = t.ck AND p.day = t.day
  JOIN scenarios.fct_trial_locks l ON l.sk = t.sk
  WHERE NOT t.treated
)
SELECT u.sk, u.ck, u.bucket, u.day, s.horizon_days, u.treated,
  (((((((((x_idiv(u.day - s.from_day, 14) * CAST(256 AS BIGINT) + u.st) * 3 + u.age) * 13 + u.recency) * 4 + u.tenure) * 6 + u.orders) * 3 + u.worth) * 4 + u.phase) * 3 + u.engagement) * 4 + u.pressure) AS cell,
  CAST(u.comparator_every AS BIGINT) AS comparator_every
FROM units u JOIN scenarios.fct_trial_scenarios s ON s.sk = u.sk
