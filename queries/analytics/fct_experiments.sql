/*---
table: analytics.fct_experiments
block: experiments
grain: [xk]
reads: [core.assignments, core.cfg_experiments, scenarios.fct_entries, scenarios.fct_scenarios]
doc: Every randomized comparison in the data, with a small integer key. These are the experiments of assignments that audit.yaml does not leave out, and the scenarios whose enrolments have a control arm.
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key, dense from 1"}
  - {name: experiment_id, type: string, doc: "experiment; holdout:<scenario> for the control arm of enrolments"}
  - {name: source, type: string, doc: "assignments or enrolments"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario under test; of several the first by name"}
  - {name: sk, type: int64, unit: "1", nullable: true, doc: "its key, scenarios.fct_scenarios.sk"}
  - {name: within_days, type: int64, unit: "days", doc: "H: outcomes count within so many days after the assignment, covariates in as many days before"}
---*/
WITH given AS (
  SELECT experiment_id, MIN(CAST(scenario_id AS VARCHAR)) AS scenario_id
  FROM core.assignments
  GROUP BY experiment_id
),
listed AS (
  SELECT COUNT(*) AS n FROM core.cfg_experiments
),
held AS (
  SELECT sk FROM scenarios.fct_entries WHERE control GROUP BY sk
),
experiments AS (
  SELECT CAST(g.experiment_id AS VARCHAR) AS experiment_id, 'assignments' AS source, g.scenario_id, COALESCE(c.within_days, 28) AS within_days
  FROM given g
  CROSS JOIN listed l
  LEFT JOIN core.cfg_experiments c ON c.experiment_id = CAST(g.experiment_id AS VARCHAR)
  WHERE l.n = 0 OR c.experiment_id IS NOT NULL
  UNION ALL
  SELECT CONCAT('holdout:', s.scenario_id), 'enrolments', s.scenario_id, 28
  FROM held h JOIN scenarios.fct_scenarios s ON s.sk = h.sk
)
SELECT CAST(ROW_NUMBER() OVER (ORDER BY x.experiment_id NULLS LAST, x.source NULLS LAST) AS INTEGER) AS xk, x.experiment_id, x.source, x.scenario_id, s.sk, CAST(x.within_days AS INTEGER) AS within_days
FROM experiments x LEFT JOIN scenarios.fct_scenarios s ON s.scenario_id = x.scenario_id
