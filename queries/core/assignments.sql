/*---
table: core.assignments
grain: [experiment_id, ck, assigned_at]
doc: "Assignments to the arms of experiments and hold-outs."
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key, core.customers.ck"}
  - {name: experiment_id, type: string, doc: "experiment"}
  - {name: arm, type: string, doc: "arm"}
  - {name: assigned_at, type: timestamp, doc: "assignment, UTC"}
  - {name: assigned_day, type: int64, unit: day, doc: "day of assigned_at, days since 1970-01-01 in the business zone"}
  - {name: cluster_id, type: string, nullable: true, doc: "cluster that was assigned as a whole"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario under test"}
  - {name: cluster_bucket, type: int64, unit: "1", nullable: true, doc: "bucket of cluster_id, made as that of customers: the sampling unit where whole clusters were assigned"}
---*/
