/*---
table: analytics.red_experiment_arms
block: experiments
grain: [xk, ak, state, bucket]
reads: [analytics.fct_experiment_arms, analytics.fct_experiment_messages, analytics.fct_experiment_units, analytics.fct_experiment_window]
doc: How many customers every arm has, and what the gates look at. An arm whose customers all stay out of the test has one row with nobody.
max_rows: 1000000
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key"}
  - {name: ak, type: int64, unit: "1", doc: "arm key"}
  - {name: state, type: int64, unit: "1", doc: "as in fct_experiment_units"}
  - {name: bucket, type: int64, unit: "1", doc: "sampling unit 0..99"}
  - {name: arm, type: string, doc: "arm"}
  - {name: clusters, type: int64, unit: "clusters", doc: "different clusters that were assigned to the arm"}
  - {name: stays_out, type: bool, unit: "1", doc: "not part of the test"}
  - {name: n, type: int64, unit: "customers", doc: "assigned"}
  - {name: switched, type: int64, unit: "customers", doc: "of them, also put into another arm before the outcome window was over"}
  - {name: clustered, type: int64, unit: "customers", doc: "of them, assigned as part of a cluster"}
  - {name: messaged, type: int64, unit: "customers", doc: "of them, sent a message of the scenario under test within the outcome window"}
  - {name: messaged_before, type: int64, unit: "customers", doc: "of them, sent one in an equal time before"}
  - {name: recent, type: int64, unit: "customers", doc: "of them, assigned in the last seven days of the data or later"}
  - {name: short_history, type: int64, unit: "customers", doc: "of them, the time before the assignment begins before the data"}
  - {name: first_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "first assignment"}
  - {name: last_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "last assignment"}
---*/
WITH counted AS (
  SELECT u.xk, u.ak, u.state, u.bucket, COUNT(*) AS n, SUM(CASE WHEN u.switched THEN 1 ELSE 0 END) AS switched, SUM(CASE WHEN u.clustered THEN 1 ELSE 0 END) AS clustered,
    SUM(CASE WHEN u.day >= w.end_day - 7 THEN 1 ELSE 0 END) AS recent, SUM(CASE WHEN u.day - u.within_days < w.first_day THEN 1 ELSE 0 END) AS short_history,
    MIN(u.day) AS first_day, MAX(u.day) AS last_day
  FROM analytics.fct_experiment_units u CROSS JOIN analytics.fct_experiment_window w
  GROUP BY u.xk, u.ak, u.state, u.bucket
),
sent AS (
  SELECT xk, x_idiv(cell, 256) AS ak, x_idiv(cell, 128) - 2 * x_idiv(cell, 256) AS state, cell - 128 * x_idiv(cell, 128) AS bucket, SUM(scenario_after) AS messaged, SUM(scenario_before) AS messaged_before
  FROM analytics.fct_experiment_messages
  GROUP BY xk, cell
)
SELECT a.xk, a.ak, CAST(COALESCE(c.state, 0) AS INTEGER) AS state, CAST(COALESCE(c.bucket, 0) AS INTEGER) AS bucket, a.arm, a.clusters, a.stays_out, COALESCE(c.n, 0) AS n,
  CAST(COALESCE(c.switched, 0) AS BIGINT) AS switched, CAST(COALESCE(c.clustered, 0) AS BIGINT) AS clustered, CAST(COALESCE(s.messaged, 0) AS BIGINT) AS messaged,
  CAST(COALESCE(s.messaged_before, 0) AS BIGINT) AS messaged_before, CAST(COALESCE(c.recent, 0) AS BIGINT) AS recent, CAST(COALESCE(c.short_history, 0) AS BIGINT) AS short_history, c.first_day, c.last_day
FROM analytics.fct_experiment_arms a
LEFT JOIN counted c ON c.xk = a.xk AND c.ak = a.ak
LEFT JOIN sent s ON s.xk = c.xk AND s.ak = c.ak AND s.state = c.state AND s.bucket = c.bucket
