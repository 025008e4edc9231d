/*---
table: scenarios.red_rct_arms
block: effects
grain: [sk, experiment_id, treated]
reads: [scenarios.fct_holdout_outcomes, scenarios.fct_holdout_units, scenarios.fct_trial_scenarios]
doc: What the gates of a hold-out look at, per arm.
max_rows: 100000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: experiment_id, type: string, doc: "experiment; empty for the control arm of enrolments"}
  - {name: treated, type: bool, unit: "1", doc: "arm"}
  - {name: horizon_days, type: int64, unit: "days", doc: "outcome window"}
  - {name: arms, type: int64, unit: "1", doc: "different arms on this side"}
  - {name: customers, type: int64, unit: "customers", doc: "assigned, with a complete outcome window"}
  - {name: messaged, type: int64, unit: "customers", doc: "of them, sent a message of the scenario in the window"}
  - {name: messaged_before, type: int64, unit: "customers", doc: "of them, sent one in an equal window before the assignment"}
  - {name: switched, type: int64, unit: "customers", doc: "of them, also assigned to the other side later"}
  - {name: clustered, type: int64, unit: "customers", doc: "of them, assigned as part of a cluster"}
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "first assignment"}
  - {name: last_day, type: int64, unit: "days since 1970-01-01", doc: "last assignment"}
---*/
SELECT u.sk, MIN(s.scenario_id) AS scenario_id, u.experiment_id, u.treated, MIN(u.horizon_days) AS horizon_days, COUNT(DISTINCT u.arm) AS arms, COUNT(*) AS customers, CAST(SUM(o.messaged) AS BIGINT) AS messaged,
  CAST(SUM(o.messaged_before) AS BIGINT) AS messaged_before, CAST(SUM(CASE WHEN u.switched THEN 1 ELSE 0 END) AS BIGINT) AS switched,
  CAST(SUM(CASE WHEN u.clustered THEN 1 ELSE 0 END) AS BIGINT) AS clustered, MIN(u.day) AS first_day, MAX(u.day) AS last_day
FROM scenarios.fct_holdout_units u
JOIN scenarios.fct_holdout_outcomes o ON o.xk = u.xk AND o.ck = u.ck
JOIN scenarios.fct_trial_scenarios s ON s.sk = u.sk
GROUP BY u.sk, u.experiment_id, u.treated
