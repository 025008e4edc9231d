/*---
table: scenarios.red_step_gaps
grain: [scenario_id, position, hours, bucket]
reads: [scenarios.fct_scenarios, scenarios.fct_sends, scenarios.fct_steps]
doc: >-
  Hours from the message before in the same entry to a message of the step, as a histogram: whole hours up to 72, then steps of 6 hours up to 14 days, then
  days. The first message of an entry has no gap and is not here. Buckets are folded to 50.
max_rows: 5000000
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: position, type: int64, unit: "1", doc: "place of the step"}
  - {name: hours, type: int64, unit: "hours", doc: "lower end of the bin"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..49, half of that of core.customers"}
  - {name: n, type: int64, unit: "messages", doc: "messages"}
---*/
WITH gaps AS (
  SELECT sk, step_id, x_idiv(bucket, 2) AS bucket, x_idiv(gap_sec, 3600) AS hours
  FROM scenarios.fct_sends
  WHERE gap_sec IS NOT NULL
),
counts AS (
  SELECT sk, step_id, bucket, CASE WHEN hours < 72 THEN hours WHEN hours < 336 THEN 6 * x_idiv(hours, 6) ELSE 24 * x_idiv(hours, 24) END AS hours, COUNT(*) AS n
  FROM gaps
  GROUP BY sk, step_id, bucket, CASE WHEN hours < 72 THEN hours WHEN hours < 336 THEN 6 * x_idiv(hours, 6) ELSE 24 * x_idiv(hours, 24) END
)
SELECT s.scenario_id, t.position, CAST(c.hours AS BIGINT) AS hours, CAST(c.bucket AS BIGINT) AS bucket, c.n
FROM counts c
JOIN scenarios.fct_steps t ON t.sk = c.sk AND t.step_id = c.step_id
JOIN scenarios.fct_scenarios s ON s.sk = c.sk
