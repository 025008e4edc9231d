/*---
table: analytics.fct_deal_responses
block: pipeline
grain: [dk]
reads: [analytics.fct_deal_tasks, analytics.fct_deals, core.cfg_pipeline, core.messages, scenarios.fct_window]
doc: First response to the deals that began in the audited period, the first sign that somebody took the deal up, by what pipeline.first_response counts. Calls and messages are tied by the customer.
columns:
  - {name: dk, type: int64, unit: "1", doc: "deal"}
  - {name: bucket, type: int64, unit: "1", doc: "bucket, 0..99"}
  - {name: owner, type: string, doc: "responsible employee; empty when nobody"}
  - {name: created_sec, type: int64, unit: seconds, doc: "first row of the deal, Unix seconds"}
  - {name: response_sec, type: int64, unit: seconds, nullable: true, doc: "first response; NULL: none until the end of the period"}
  - {name: answer, type: string, nullable: true, doc: "task_done, call, message or move; of several in one second the first of this list"}
---*/
WITH fresh AS (
  SELECT d.dk, d.ck, d.bucket, d.owner, d.created_sec, d.moved_sec, CASE WHEN d.by_outcome = 1 THEN d.last_sec END AS closed_sec, w.to_sec, c.by_task, c.by_call, c.by_message, c.by_move
  FROM analytics.fct_deals d CROSS JOIN scenarios.fct_window w CROSS JOIN core.cfg_pipeline c
  WHERE d.created_sec >= w.from_sec AND d.created_sec < w.to_sec
),
contacts AS (
  SELECT f.dk, MIN(CASE WHEN CAST(m.channel AS VARCHAR) = 'call' THEN x_sec(m.sent_at) END) AS call_sec,
    MIN(CASE WHEN CAST(m.channel AS VARCHAR) <> 'call' AND f.by_message THEN x_sec(m.sent_at) END) AS message_sec
  FROM core.messages m JOIN fresh f ON f.ck = m.ck
  WHERE (f.by_call OR f.by_message) AND x_sec(m.sent_at) >= f.created_sec AND x_sec(m.sent_at) < f.to_sec AND (CAST(m.channel AS VARCHAR) = 'call' OR CAST(m.kind AS VARCHAR) IN ('trigger', 'transactional'))
  GROUP BY f.dk
),
answers AS (
  SELECT f.dk, f.bucket, f.owner, f.created_sec, CASE WHEN f.by_task AND t.first_done_sec >= f.created_sec THEN t.first_done_sec END AS task_sec, CASE WHEN f.by_call THEN m.call_sec END AS call_sec,
    m.message_sec, CASE WHEN f.by_move THEN COALESCE(f.moved_sec, CASE WHEN f.closed_sec > f.created_sec THEN f.closed_sec END) END AS move_sec
  FROM fresh f
  LEFT JOIN analytics.fct_deal_tasks t ON t.dk = f.dk
  LEFT JOIN contacts m ON m.dk = f.dk
),
firsts AS (
  SELECT dk, bucket, owner, created_sec, task_sec, call_sec, message_sec,
    LEAST(COALESCE(task_sec, 2147483647), COALESCE(call_sec, 2147483647), COALESCE(message_sec, 2147483647), COALESCE(move_sec, 2147483647)) AS first_sec
  FROM answers
)
SELECT dk, bucket, owner, created_sec, CASE WHEN first_sec < 2147483647 THEN first_sec END AS response_sec,
  CASE WHEN first_sec = 2147483647 THEN NULL WHEN task_sec = first_sec THEN 'task_done' WHEN call_sec = first_sec THEN 'call' WHEN message_sec = first_sec THEN 'message' ELSE 'move' END AS answer
FROM firsts
