/*---
table: scenarios.fct_holdout_units
block: effects
grain: [sk, experiment_id, ck]
reads: [core.assignments, core.calendar, core.customers, scenarios.fct_entries, scenarios.fct_scenarios, scenarios.fct_trial_scenarios, scenarios.fct_window]
doc: >-
  Randomized customers: those of experiments that name a scenario and have an arm control, holdout or reference, and those who entered a scenario that has a control arm, in the weeks from its
  first to its last control entry. A customer counts once, with his first arm. Customers whose outcome window is not over are not here, in either arm.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: experiment_id, type: string, doc: "experiment; empty for the control arm of enrolments"}
  - {name: xk, type: int64, unit: "1", doc: "key of the hold-out: experiments from 1, the control arm of a scenario's enrolments is minus sk"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the assignment d"}
  - {name: horizon_days, type: int64, unit: "days", doc: "outcomes count on (d, d + H]: what was done on d itself may be what started it"}
  - {name: treated, type: bool, unit: "1", doc: "any other arm than the reference"}
  - {name: arm, type: string, doc: "name of the arm"}
  - {name: switched, type: bool, unit: "1", doc: "was later assigned to the other side"}
  - {name: clustered, type: bool, unit: "1", doc: "assigned as part of a cluster"}
---*/
WITH names AS (
  SELECT arm, treated, ROW_NUMBER() OVER (ORDER BY treated NULLS LAST, CAST(arm AS VARCHAR) NULLS LAST) AS code
  FROM (SELECT arm, CASE WHEN LOWER(CAST(arm AS VARCHAR)) IN ('control', 'holdout', 'hold-out', 'hold_out', 'reference') THEN 0 ELSE 1 END AS treated FROM core.assignments GROUP BY arm) a
),
experiments AS (
  SELECT s.sk, a.experiment_id, a.scenario_id, ROW_NUMBER() OVER (ORDER BY s.sk NULLS LAST, CAST(a.experiment_id AS VARCHAR) NULLS LAST) AS xk
  FROM (SELECT experiment_id, scenario_id FROM core.assignments WHERE scenario_id IS NOT NULL GROUP BY experiment_id, scenario_id) a
  JOIN scenarios.fct_scenarios s ON s.scenario_id = a.scenario_id
),
weeks AS (
  SELECT e.sk, MIN(c.week_start_day) AS first_day, MAX(c.week_start_day) + 7 AS end_day
  FROM scenarios.fct_entries e JOIN core.calendar c ON c.day = e.entered_day
  WHERE e.control
  GROUP BY e.sk
),
together AS (
  SELECT x.xk, a.ck, n.treated,
    ((CAST(x_sec(a.assigned_at) AS BIGINT) * 65536 + a.assigned_day) * 16384 + n.code) * 2 + CASE WHEN a.cluster_id IS NULL THEN 0 ELSE 1 END AS packed
  FROM core.assignments a
  JOIN experiments x ON x.experiment_id = a.experiment_id AND x.scenario_id = a.scenario_id
  JOIN names n ON n.arm = a.arm
  UNION ALL
  SELECT 0 - e.sk, e.ck, CASE WHEN e.control THEN 0 ELSE 1 END, ((CAST(e.entered_sec AS BIGINT) * 65536 + e.entered_day) * 16384 + CASE WHEN e.control THEN 0 ELSE 1 END) * 2
  FROM scenarios.fct_entries e JOIN weeks w ON w.sk = e.sk AND e.entered_day >= w.first_day AND e.entered_day < w.end_day
),
firsts AS (
  SELECT xk, ck, MIN(packed) AS packed, MAX(treated) - MIN(treated) AS switched FROM together GROUP BY xk, ck
),
unpacked AS (
  SELECT xk, ck, switched, packed - 2 * x_idiv(packed, 2) AS clustered, x_idiv(packed, 2) - 16384 * x_idiv(packed, 32768) AS code,
    x_idiv(packed, 32768) - 65536 * x_idiv(packed, 2147483648) AS day
  FROM firsts
),
known AS (
  SELECT u.xk, COALESCE(x.sk, 0 - u.xk) AS sk, COALESCE(CAST(x.experiment_id AS VARCHAR), '') AS experiment_id, u.ck, u.switched, u.clustered, u.day,
    CASE WHEN u.xk < 0 THEN u.code ELSE n.treated END AS treated,
    CASE WHEN u.xk > 0 THEN CAST(n.arm AS VARCHAR) WHEN u.code = 0 THEN 'control' ELSE 'treated' END AS arm
  FROM unpacked u
  LEFT JOIN experiments x ON x.xk = u.xk
  LEFT JOIN names n ON n.code = u.code
),
both_arms AS (
  SELECT xk FROM known GROUP BY xk HAVING MIN(treated) = 0 AND MAX(treated) = 1
)
SELECT CAST(k.sk AS BIGINT) AS sk, k.experiment_id, CAST(k.xk AS BIGINT) AS xk, k.ck, CAST(c.bucket AS INTEGER) AS bucket, CAST(k.day AS INTEGER) AS day, s.horizon_days, k.treated = 1 AS treated, k.arm,
  k.switched = 1 AS switched, k.clustered = 1 AS clustered
FROM known k
JOIN both_arms b ON b.xk = k.xk
JOIN scenarios.fct_trial_scenarios s ON s.sk = k.sk
JOIN core.customers c ON c.ck = k.ck
CROSS JOIN scenarios.fct_window w
WHERE k.day >= w.first_day AND k.day + s.horizon_days < w.end_day
