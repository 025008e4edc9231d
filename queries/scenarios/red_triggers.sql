/*---
table: scenarios.red_triggers
block: triggers
grain: [position, week_start_day, owner, outcome, bucket]
reads: [scenarios.fct_trigger_cases]
doc: Cases of the trigger rules by week, owner and outcome.
max_rows: 2000000
columns:
  - {name: position, type: int64, unit: "1", doc: "rule, core.cfg_triggers"}
  - {name: week_start_day, type: int64, unit: day, doc: "Monday of the week, days since 1970-01-01 in the business zone"}
  - {name: owner, type: string, doc: "responsible employee; empty when not known"}
  - {name: outcome, type: string, doc: "in_time, late, missing, open or unlinked"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: cases, doc: "cases"}
  - {name: firsts, type: int64, unit: customers, doc: "of these the first case of its customer (or deal) under the rule, open cases apart: their sum counts customers"}
---*/
WITH numbered AS (
  SELECT position, week_start_day, COALESCE(owner, '') AS owner, outcome, bucket,
    ROW_NUMBER() OVER (PARTITION BY position, entity, CASE WHEN outcome = 'open' THEN 1 ELSE 0 END ORDER BY start_sec NULLS LAST, deal_id NULLS LAST, owner NULLS LAST) AS k
  FROM scenarios.fct_trigger_cases
)
SELECT position, week_start_day, owner, outcome, bucket, COUNT(*) AS n, SUM(CASE WHEN k = 1 THEN 1 ELSE 0 END) AS firsts
FROM numbered
GROUP BY position, week_start_day, owner, outcome, bucket
