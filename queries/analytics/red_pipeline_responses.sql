/*---
table: analytics.red_pipeline_responses
block: pipeline
grain: [kind, answer, slot, bucket]
reads: [analytics.fct_deal_responses, scenarios.fct_window]
doc: >-
  Time from the begin of a deal to the first response, in slots: 1 to 72 of five minutes (6 hours), 73 to 156 of 30 minutes (two days), 157 to 324 of four hours (30 days). What is later is
  censored after slot 324.
max_rows: 200000
columns:
  - {name: kind, type: string, doc: "exit: answered in this slot; lost: not answered, and no longer seen after this slot (0: seen for no whole slot)"}
  - {name: answer, type: string, doc: "task_done, call, message or move; empty for lost"}
  - {name: slot, type: int64, unit: "1", doc: "slot, rounded up for answers, down for the unanswered"}
  - {name: bucket, type: int64, unit: "1", doc: "bucket, 0..99"}
  - {name: n, type: int64, unit: deals, doc: "deals"}
---*/
WITH waits AS (
  SELECT r.bucket, COALESCE(r.answer, '') AS answer, CASE WHEN r.response_sec IS NULL THEN w.to_sec - r.created_sec ELSE r.response_sec - r.created_sec END AS seconds
  FROM analytics.fct_deal_responses r CROSS JOIN scenarios.fct_window w
),
slots AS (
  SELECT bucket, CASE WHEN seconds > 2592000 THEN '' ELSE answer END AS answer,
    CASE WHEN answer = '' THEN CASE WHEN seconds < 21600 THEN x_idiv(seconds, 300) WHEN seconds < 172800 THEN 72 + x_idiv(seconds - 21600, 1800) WHEN seconds < 2592000 THEN 156 + x_idiv(seconds - 172800, 14400) ELSE 324 END
      WHEN seconds <= 21600 THEN GREATEST(1, x_idiv(seconds + 299, 300)) WHEN seconds <= 172800 THEN 72 + x_idiv(seconds - 21600 + 1799, 1800)
      WHEN seconds <= 2592000 THEN 156 + x_idiv(seconds - 172800 + 14399, 14400) ELSE 324 END AS slot
  FROM waits
)
SELECT CASE WHEN answer = '' THEN 'lost' ELSE 'exit' END AS kind, answer, slot, bucket, COUNT(*) AS n
FROM slots
GROUP BY answer, slot, bucket
