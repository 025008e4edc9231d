/*---
table: analytics.red_level_arms
block: personalization
grain: [experiment_id, arm, bucket]
reads: [analytics.fct_level_arms, analytics.fct_level_tests]
doc: How many customers were assigned to the arms of experiments that may be about the level of personalization (analytics.fct_level_tests).
max_rows: 500000
columns:
  - {name: experiment_id, type: string, doc: "experiment"}
  - {name: arm, type: string, doc: "arm"}
  - {name: bucket, type: int64, unit: "1", doc: "sampling unit 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "assigned"}
  - {name: moved, type: int64, unit: "customers", doc: "of them assigned to another arm as well"}
---*/
SELECT a.experiment_id, a.arm, CAST(a.bucket AS BIGINT) AS bucket, CAST(COUNT(*) AS BIGINT) AS customers, CAST(SUM(CASE WHEN a.moved THEN 1 ELSE 0 END) AS BIGINT) AS moved
FROM analytics.fct_level_arms a
JOIN (SELECT xk FROM analytics.fct_level_tests GROUP BY xk) t ON t.xk = a.xk
GROUP BY a.experiment_id, a.arm, a.bucket
