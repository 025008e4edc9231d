/*---
table: scenarios.red_steps
grain: [scenario_id, position, bucket]
reads: [scenarios.fct_chain_lengths, scenarios.fct_scenarios, scenarios.fct_sends, scenarios.fct_steps, scenarios.fct_window]
doc: Messages of every step of the chains, in entries that began in the audited window. Steps that were never sent have one row without messages in bucket 0.
max_rows: 1000000
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: position, type: int64, unit: "1", doc: "place of the step"}
  - {name: step_id, type: string, doc: "step"}
  - {name: defined, type: bool, unit: "1", doc: "audit.yaml names it"}
  - {name: given, type: bool, unit: "1", doc: "messages say it; else template or place"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: messages, type: int64, unit: "messages", doc: "sent"}
  - {name: entries, type: int64, unit: "entries", doc: "entries that got it"}
  - {name: finished, type: int64, unit: "entries", doc: "of these, entries that count for drop-off, as in scenarios.red_step_depth"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers"}
  - {name: clicked, type: int64, unit: "messages", doc: "clicked, not by robots only"}
---*/
WITH entries AS (
  SELECT m.sk, m.step_id, m.bucket, m.ck, m.ek, COUNT(*) AS messages, SUM(CASE WHEN m.clicked THEN 1 ELSE 0 END) AS clicked,
    MAX(CASE WHEN m.finished AND m.sec - m.delay_sec + l.whole_sec <= w.end_sec THEN 1 ELSE 0 END) AS finished
  FROM scenarios.fct_sends m
  JOIN scenarios.fct_chain_lengths l ON l.sk = m.sk
  CROSS JOIN scenarios.fct_window w
  GROUP BY m.sk, m.step_id, m.bucket, m.ck, m.ek
),
customers AS (
  SELECT sk, step_id, bucket, ck, COUNT(*) AS entries, SUM(finished) AS finished, SUM(messages) AS messages, SUM(clicked) AS clicked
  FROM entries
  GROUP BY sk, step_id, bucket, ck
),
counts AS (
  SELECT sk, step_id, bucket, COUNT(*) AS customers, SUM(entries) AS entries, SUM(finished) AS finished, SUM(messages) AS messages, SUM(clicked) AS clicked
  FROM customers
  GROUP BY sk, step_id, bucket
)
SELECT s.scenario_id, CAST(t.position AS BIGINT) AS position, t.step_id, t.defined, t.given, CAST(COALESCE(c.bucket, 0) AS BIGINT) AS bucket,
  CAST(COALESCE(c.messages, 0) AS BIGINT) AS messages, CAST(COALESCE(c.entries, 0) AS BIGINT) AS entries, CAST(COALESCE(c.finished, 0) AS BIGINT) AS finished, CAST(COALESCE(c.customers, 0) AS BIGINT) AS customers,
  CAST(COALESCE(c.clicked, 0) AS BIGINT) AS clicked
FROM scenarios.fct_steps t
JOIN scenarios.fct_scenarios s ON s.sk = t.sk
LEFT JOIN counts c ON c.sk = t.sk AND c.step_id = t.step_id
