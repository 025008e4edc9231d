/*---
table: analytics.fct_experiment_arms
block: experiments
grain: [xk, ak]
reads: [analytics.fct_experiments, core.assignments, core.cfg_experiment_shares]
doc: The arms of every experiment, with a small integer key.
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key"}
  - {name: ak, type: int64, unit: "1", doc: "arm key within the experiment: rank of the name, dense from 1"}
  - {name: arm, type: string, doc: "arm"}
  - {name: clusters, type: int64, unit: "clusters", doc: "different clusters that were assigned to it; 0 when customers were assigned"}
  - {name: stays_out, type: bool, unit: "1", doc: "not part of the test: called not_in_test, excluded or the like, or not among the planned shares"}
---*/
WITH given AS (
  SELECT experiment_id, arm, COUNT(DISTINCT cluster_id) AS clusters
  FROM core.assignments
  GROUP BY experiment_id, arm
),
planned AS (
  SELECT experiment_id FROM core.cfg_experiment_shares GROUP BY experiment_id
),
arms AS (
  SELECT x.xk, CAST(g.arm AS VARCHAR) AS arm, g.clusters,
    CASE WHEN p.experiment_id IS NULL THEN LOWER(CAST(g.arm AS VARCHAR)) IN ('not_in_test', 'not in test', 'not_in_experiment', 'not in experiment', 'excluded', 'out_of_test', 'not_assigned', 'none')
      ELSE s.arm IS NULL END AS stays_out
  FROM given g
  JOIN analytics.fct_experiments x ON x.experiment_id = CAST(g.experiment_id AS VARCHAR) AND x.source = 'assignments'
  LEFT JOIN planned p ON p.experiment_id = x.experiment_id
  LEFT JOIN core.cfg_experiment_shares s ON s.experiment_id = x.experiment_id AND s.arm = CAST(g.arm AS VARCHAR)
  UNION ALL
  SELECT xk, 'control', 0, FALSE FROM analytics.fct_experiments WHERE source = 'enrolments'
  UNION ALL
  SELECT xk, 'treated', 0, FALSE FROM analytics.fct_experiments WHERE source = 'enrolments'
)
SELECT xk, CAST(ROW_NUMBER() OVER (PARTITION BY xk ORDER BY arm NULLS LAST) AS INTEGER) AS ak, arm, CAST(clusters AS INTEGER) AS clusters, stays_out
FROM arms
