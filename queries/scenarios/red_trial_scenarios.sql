/*---
table: scenarios.red_trial_scenarios
block: effects
grain: [sk]
reads: [scenarios.fct_trial_audiences, scenarios.fct_trial_locks, scenarios.fct_trial_parts, scenarios.fct_trial_scenarios, scenarios.fct_trial_units]
doc: Per scenario, what its emulated trials are made of, and for all others why there are none.
max_rows: 100000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: horizon_days, type: int64, unit: "days", doc: "outcome window"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first day that may be time zero"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last"}
  - {name: entries, type: int64, unit: "entries", doc: "entries of treated customers on these days"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers of them"}
  - {name: controls, type: int64, unit: "customers", doc: "different customers of its control arm on these days"}
  - {name: bulk, type: bool, unit: "1", doc: "a calendar campaign"}
  - {name: trial, type: bool, unit: "1", doc: "emulated trials are tried"}
  - {name: by_event, type: bool, unit: "1", doc: "trials begin with the trigger event"}
  - {name: locked, type: bool, unit: "1", doc: "a narrow range of recency or tenure is the condition"}
  - {name: treated_every, type: int64, unit: "1", doc: "one treated customer in so many is sampled"}
  - {name: comparator_every, type: int64, unit: "1", doc: "one possible comparator in so many is looked at; 0 without comparators"}
  - {name: treated_customers, type: int64, unit: "customers", doc: "different treated customers among the units"}
  - {name: comparator_customers, type: int64, unit: "customers", doc: "different comparators among the units, where the scenario has an audience (fct_trial_audiences.narrow) those in it"}
---*/
WITH people AS (
  SELECT u.sk, u.ck, MAX(CASE WHEN u.treated THEN 1 ELSE 0 END) AS treated, MAX(CASE WHEN u.treated OR a.narrow AND a.inside = (p.ck IS NULL) THEN 0 ELSE 1 END) AS other, MAX(u.comparator_every) AS comparator_every
  FROM scenarios.fct_trial_units u
  LEFT JOIN scenarios.fct_trial_audiences a ON a.sk = u.sk
  LEFT JOIN scenarios.fct_trial_parts p ON p.sk = u.sk AND p.ck = u.ck AND p.day = u.day
  GROUP BY u.sk, u.ck
),
counts AS (
  SELECT sk, SUM(treated) AS treated_customers, SUM(other) AS comparator_customers, MAX(comparator_every) AS comparator_every FROM people GROUP BY sk
)
SELECT s.sk, s.scenario_id, s.horizon_days, s.from_day, s.to_day, s.entries, s.customers, s.controls, s.bulk, s.trial, COALESCE(l.by_event, FALSE) AS by_event,
  COALESCE(NOT l.by_event AND (l.recency_from > 0 OR l.recency_to < 100000 OR l.tenure_from > 0 OR l.tenure_to < 100000), FALSE) AS locked, s.treated_every,
  CAST(COALESCE(c.comparator_every, 0) AS BIGINT) AS comparator_every, CAST(COALESCE(c.treated_customers, 0) AS BIGINT) AS treated_customers,
  CAST(COALESCE(c.comparator_customers, 0) AS BIGINT) AS comparator_customers
FROM scenarios.fct_trial_scenarios s LEFT JOIN scenarios.fct_trial_locks l ON l.sk = s.sk LEFT JOIN counts c ON c.sk = s.sk
