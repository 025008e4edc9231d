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
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the assignment d"}
  - {name: horizon_days, type: int64, unit: "days", doc: "outcomes count on (d, d + H]: what was done on d itself may be what started it"}
  - {name: treated, type: bool, unit: "1", doc: "any other arm than the reference"}
  - {name: arm, type: string, doc: "name of the arm"}
  - {name: switched, type: bool, unit: "1", doc: "was later assigned to the other side"}
  - {name: clustered, type: bool, unit: "1", doc: "assigned as part of a cluster"}
---*/
WITH arms AS (
  SELECT s.sk, a.experiment_id, a.ck, x_sec(a.assigned_at) AS sec, a.assigned_day AS day, CASE WHEN LOWER(a.arm) IN ('control', 'holdout', 'hold-out', 'hold_out', 'reference') THEN 0 ELSE 1 END AS treated, a.arm,
    CASE WHEN a.cluster_id IS NULL THEN 0 ELSE 1 END AS clustered
  FROM core.assignments a JOIN scenarios.fct_scenarios s ON s.scenario_id = a.scenario_id
),
weeks AS (
  SELECT e.sk, MIN(c.week_start_day) AS first_day, MAX(c.week_start_day) + 7 AS end_day
  FROM scenarios.fct_entries e JOIN core.calendar c ON c.day = e.entered_day
  WHERE e.control
  GROUP BY e.sk
),
together AS (
  SELECT sk, CAST(experiment_id AS VARCHAR) AS experiment_id, ck, sec, day, treated, CAST(arm AS VARCHAR) AS arm, clustered FROM arms
  UNION ALL
  SELECT e.sk, '', e.ck, e.entered_sec, e.entered_day, CASE WHEN e.control THEN 0 ELSE 1 END, CASE WHEN e.control THEN 'control' ELSE 'treated' END, 0
  FROM scenarios.fct_entries e JOIN weeks w ON w.sk = e.sk AND e.entered_day >= w.first_day AND e.entered_day < w.end_day
),
placed AS (
  SELECT sk, experiment_id, ck, day, treated, arm, clustered,
    ROW_NUMBER() OVER (PARTITION BY sk, experiment_id, ck ORDER BY sec NULLS LAST, treated NULLS LAST, arm NULLS LAST, clustered NULLS LAST) AS place,
    MAX(treated) OVER (PARTITION BY sk, experiment_id, ck) - MIN(treated) OVER (PARTITION BY sk, experiment_id, ck) AS switched
  FROM together
),
both_arms AS (
  SELECT sk, experiment_id FROM placed GROUP BY sk, experiment_id HAVING MIN(treated) = 0 AND MAX(treated) = 1
)
SELECT p.sk, p.experiment_id, p.ck, CAST(c.bucket AS INTEGER) AS bucket, p.day, s.horizon_days, p.treated = 1 AS treated, p.arm, p.switched = 1 AS switched, p.clustered = 1 AS clustered
FROM placed p
JOIN both_arms b ON b.sk = p.sk AND b.experiment_id = p.experiment_id
JOIN scenarios.fct_trial_scenarios s ON s.sk = p.sk
JOIN core.customers c ON c.ck = p.ck
CROSS JOIN scenarios.fct_window w
WHERE p.place = 1 AND p.day >= w.first_day AND p.day + s.horizon_days < w.end_day
