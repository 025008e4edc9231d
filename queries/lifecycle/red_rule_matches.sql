/*---
table: lifecycle.red_rule_matches
grain: [mask, stage, bucket]
reads: [lifecycle.fct_panel, lifecycle.fct_stage_changes, core.customers]
doc: Customers at the end of the last complete period by the set of rules that match them. Empty with recorded stages.
max_rows: 4000000
columns:
  - {name: mask, type: int64, unit: "1", doc: "bit p-1 is set when the rule at position p matches"}
  - {name: stage, type: string, doc: "stage: the rule of the lowest bit, unassigned when none is set"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "customers", doc: "customers, at least 1"}
---*/
SELECT s.mask, s.stage, CAST(c.bucket AS BIGINT) AS bucket, COUNT(*) AS n
FROM lifecycle.fct_stage_changes s
JOIN lifecycle.fct_panel p ON p.last_period = s.period
JOIN core.customers c ON c.ck = s.ck
WHERE s.mask IS NOT NULL
GROUP BY s.mask, s.stage, c.bucket
