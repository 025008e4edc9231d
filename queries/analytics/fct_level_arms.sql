/*---
table: analytics.fct_level_arms
block: personalization
grain: [xk, ck]
reads: [analytics.fct_content_slots, core.assignments, core.customers, scenarios.fct_stage_days]
doc: Assigned customers of experiments that may have compared levels (their scenario comes in two levels and more, or they name none), each once per experiment, with his first arm. Who was put into two arms in the same second is in the one that comes first by name, and counted as moved.
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key: rank of experiment_id"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: experiment_id, type: string, doc: "experiment"}
  - {name: arm, type: string, doc: "arm"}
  - {name: sec, type: int64, unit: "unix seconds", doc: "assignment"}
  - {name: bucket, type: int64, unit: "1", doc: "sampling unit 0..99: bucket of the cluster that was assigned, else of the customer"}
  - {name: st, type: int64, unit: "1", doc: "stage on the day of the assignment, scenarios.fct_stages.st; 0 where none is known"}
  - {name: moved, type: bool, unit: "1", doc: "was put into another arm as well"}
---*/
WITH levelled AS (
  SELECT CAST(scenario_id AS VARCHAR) AS scenario_id FROM analytics.fct_content_slots WHERE personalization IS NOT NULL AND audited > 0 GROUP BY chain, scenario_id HAVING COUNT(DISTINCT personalization) >= 2
),
named AS (
  SELECT experiment_id, scenario_id FROM core.assignments GROUP BY experiment_id, scenario_id
),
wanted AS ( -- experiments of a scenario that comes in several levels, or of none, when there is such a scenario
  SELECT n.experiment_id FROM named n JOIN levelled l ON l.scenario_id = CAST(n.scenario_id AS VARCHAR)
  UNION
  SELECT n.experiment_id FROM named n JOIN levelled l ON n.scenario_id IS NULL
),
names AS (
  SELECT experiment_id, CAST(ROW_NUMBER() OVER (ORDER BY CAST(experiment_id AS VARCHAR) NULLS LAST) AS INTEGER) AS xk FROM (SELECT experiment_id FROM core.assignments GROUP BY experiment_id) e
),
placed AS (
  SELECT n.xk, a.ck, a.experiment_id, a.arm, a.assigned_at, a.assigned_day, a.cluster_bucket,
    ROW_NUMBER() OVER (PARTITION BY n.xk, a.ck ORDER BY a.assigned_at NULLS LAST, CAST(a.arm AS VARCHAR) NULLS LAST) AS nth,
    SUM(CASE WHEN f.arm = a.arm THEN 0 ELSE 1 END) OVER (PARTITION BY n.xk, a.ck) AS others
  FROM core.assignments a
  JOIN names n ON n.experiment_id = a.experiment_id
  JOIN wanted w ON w.experiment_id = a.experiment_id
  JOIN (SELECT experiment_id, ck, MIN(CAST(arm AS VARCHAR)) AS arm FROM core.assignments GROUP BY experiment_id, ck) f ON f.experiment_id = a.experiment_id AND f.ck = a.ck
)
SELECT p.xk, p.ck, CAST(p.experiment_id AS VARCHAR) AS experiment_id, CAST(p.arm AS VARCHAR) AS arm, x_sec(p.assigned_at) AS sec, CAST(COALESCE(p.cluster_bucket, c.bucket) AS INTEGER) AS bucket, CAST(COALESCE(z.st, 0) AS INTEGER) AS st,
  p.others > 0 AS moved
FROM placed p
JOIN core.customers c ON c.ck = p.ck
LEFT JOIN scenarios.fct_stage_days z ON z.ck = p.ck AND z.from_day <= p.assigned_day AND z.to_day > p.assigned_day
WHERE p.nth = 1
