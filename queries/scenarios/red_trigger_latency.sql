/*---
table: scenarios.red_trigger_latency
block: triggers
grain: [position, channel, latency, bucket]
reads: [scenarios.fct_trigger_cases]
doc: Time from the start of the clock to the answer, of the cases in time and late. Exact below 1,000 seconds, else to three digits.
max_rows: 4000000
columns:
  - {name: position, type: int64, unit: "1", doc: "rule, core.cfg_triggers"}
  - {name: channel, type: string, doc: "channel of an answer that is a message; empty for others"}
  - {name: latency, type: int64, unit: seconds, doc: "time to the answer, rounded down to three digits"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: cases, doc: "cases"}
---*/
WITH answered AS (
  SELECT position, COALESCE(channel, '') AS channel, bucket, answer_sec - start_sec AS s FROM scenarios.fct_trigger_cases WHERE outcome IN ('in_time', 'late')
),
rounded AS (
  SELECT position, channel, bucket, CASE
      WHEN s < 1000 THEN s
      WHEN s < 10000 THEN 10 * x_idiv(s, 10)
      WHEN s < 100000 THEN 100 * x_idiv(s, 100)
      WHEN s < 1000000 THEN 1000 * x_idiv(s, 1000)
      WHEN s < 10000000 THEN 10000 * x_idiv(s, 10000)
      ELSE 100000 * x_idiv(s, 100000) END AS latency
  FROM answered
)
SELECT position, channel, latency, bucket, COUNT(*) AS n FROM rounded GROUP BY position, channel, latency, bucket
