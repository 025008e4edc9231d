/*---
table: scenarios.red_stage_base
grain: [stage, bucket]
reads: [scenarios.fct_stage_days, scenarios.fct_stages, scenarios.fct_window]
doc: The base from which scenarios take their customers - who was in each stage in the audited window, and for how long. A row with an empty stage counts every customer once.
max_rows: 100000
columns:
  - {name: stage, type: string, doc: "stage; empty for all"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers"}
  - {name: days, type: int64, unit: "customer-days", doc: "days in the stage"}
---*/
WITH spans AS (
  SELECT t.ck, t.bucket, t.st, LEAST(t.to_day, w.to_day) - GREATEST(t.from_day, w.from_day) AS days
  FROM scenarios.fct_stage_days t CROSS JOIN scenarios.fct_window w
  WHERE t.to_day > w.from_day AND t.from_day < w.to_day
),
customers AS (
  SELECT ck, bucket, st, SUM(days) AS days
  FROM spans
  GROUP BY ck, bucket, st
),
counts AS (
  SELECT st, bucket, COUNT(*) AS customers, SUM(days) AS days
  FROM customers
  GROUP BY st, bucket
  UNION ALL
  SELECT 0, bucket, COUNT(*), SUM(days)
  FROM (SELECT ck, bucket, SUM(days) AS days FROM customers GROUP BY ck, bucket) everybody
  GROUP BY bucket
)
SELECT COALESCE(t.stage, '') AS stage, c.bucket, c.customers, c.days
FROM counts c LEFT JOIN scenarios.fct_stages t ON t.st = c.st
