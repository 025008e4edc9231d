/*---
table: scenarios.red_rhythm
grain: [scenario_id, position, stage, own, u_bin, bucket]
reads: [lifecycle.fct_order_days, scenarios.fct_rhythms, scenarios.fct_scenarios, scenarios.fct_sends, scenarios.fct_stage_days, scenarios.fct_stages, scenarios.fct_steps]
doc: >-
  Messages of chains by where they fall in the customer's own rhythm: u = days since the last order / rhythm, in bins. Messages to customers
  who have never ordered are not here. Buckets are folded to 50.
max_rows: 5000000
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: position, type: int64, unit: "1", doc: "step, scenarios.fct_steps.position: another message gets other clicks"}
  - {name: stage, type: string, doc: "stage in force on the day of the message; unknown outside the panel"}
  - {name: own, type: bool, unit: "1", doc: "the customer's own rhythm of three or more gaps; else the typical one"}
  - {name: u_bin, type: int64, unit: "1", doc: "0: u < .25, 1: < .5, 2: < .75, 3: < 1, 4: < 1.25, 5: < 1.5, 6: < 2, 7: 2 and more"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..49, half of that of core.customers"}
  - {name: sent, type: int64, unit: "messages", doc: "messages"}
  - {name: clicked, type: int64, unit: "messages", doc: "clicked, not by robots only"}
---*/
WITH sends AS (
  SELECT m.sk, t.position, m.ck, x_idiv(m.bucket, 2) AS bucket, m.day, m.clicked, r.own, x_idiv(8 * (m.day - o.day), GREATEST(r.rhythm_half_days, 1)) AS quarters
  FROM scenarios.fct_sends m
  JOIN scenarios.fct_steps t ON t.sk = m.sk AND t.step_id = m.step_id
  JOIN scenarios.fct_rhythms r ON r.ck = m.ck
  JOIN lifecycle.fct_order_days o ON o.ck = m.ck AND o.day <= m.day AND o.until_day > m.day
),
binned AS (
  SELECT m.sk, m.position, COALESCE(t.st, 0) AS st, m.own, m.bucket, m.clicked, CASE WHEN m.quarters < 6 THEN m.quarters WHEN m.quarters < 8 THEN 6 ELSE 7 END AS u_bin
  FROM sends m LEFT JOIN scenarios.fct_stage_days t ON t.ck = m.ck AND t.from_day <= m.day AND t.to_day > m.day
),
counts AS (
  SELECT sk, position, st, own, u_bin, bucket, COUNT(*) AS sent, SUM(CASE WHEN clicked THEN 1 ELSE 0 END) AS clicked
  FROM binned
  GROUP BY sk, position, st, own, u_bin, bucket
)
SELECT s.scenario_id, CAST(c.position AS BIGINT) AS position, COALESCE(t.stage, 'unknown') AS stage, c.own, CAST(c.u_bin AS BIGINT) AS u_bin, CAST(c.bucket AS BIGINT) AS bucket, c.sent, c.clicked
FROM counts c
JOIN scenarios.fct_scenarios s ON s.sk = c.sk
LEFT JOIN scenarios.fct_stages t ON t.st = c.st
