/*---
table: analytics.red_rhythm_responses
block: rhythm
grain: [kind, mean_bin, cv_bin, bucket]
reads: [analytics.fct_message_cells, analytics.fct_message_codes, analytics.fct_message_outcomes, analytics.fct_rhythm_customers, analytics.fct_ripeness, scenarios.fct_window]
doc: >-
  Delivered messages of the audited window that are old enough for responses, by the rhythm of the receiver; customers with three pauses and more, the others in mean_bin -1. Above 2 million messages only every tenth customer is looked at.
max_rows: 400000
columns:
  - {name: kind, type: string, doc: "bulk, trigger, transactional, or unknown when not given"}
  - {name: mean_bin, type: int64, unit: "1", doc: "mean logarithm of the pauses in steps of 1/8; -1 for customers with fewer than three"}
  - {name: cv_bin, type: int64, unit: "1", doc: "logarithm of the coefficient of variation in steps of 1/4; -1 for customers with fewer than three pauses"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "different receivers"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered messages"}
  - {name: clicked, type: int64, unit: "messages", doc: "of them clicked, not by named robots"}
  - {name: sampled, type: bool, unit: "1", doc: "every tenth customer"}
---*/
WITH size AS (
  SELECT SUM(sent) AS messages FROM analytics.fct_message_cells
),
steps AS ( -- every tenth customer, by an arithmetic that the scan of the messages can do by itself
  SELECT MAX(CASE WHEN messages > 2000000 THEN 10 ELSE 1 END) AS step FROM size
),
people AS (
  SELECT r.ck, r.bucket, CASE WHEN r.gaps >= 3 THEN x_idiv(x_idiv(8 * r.sum_log, r.gaps), 4096) ELSE -1 END AS mean_bin,
    CASE WHEN r.gaps >= 3 THEN CAST(FLOOR(4 * LN(GREATEST(20 * r.cv, 1))) AS BIGINT) ELSE -1 END AS cv_bin, s.messages > 2000000 AS sampled
  FROM analytics.fct_rhythm_customers r CROSS JOIN size s
  WHERE s.messages <= 2000000 OR r.ck = 10 * x_idiv(r.ck, 10)
),
messages AS (
  SELECT m.ck, k.kind, COUNT(*) AS delivered, SUM(o.clicked) AS clicked
  FROM (SELECT ck, cell, code, sent_day FROM analytics.fct_message_outcomes WHERE ck = (SELECT MAX(step) FROM steps) * x_idiv(ck, (SELECT MAX(step) FROM steps))) m
  JOIN people p ON p.ck = m.ck
  JOIN analytics.fct_message_cells k ON k.cell = m.cell
  JOIN analytics.fct_message_codes o ON o.code = m.code AND o.delivered = 1
  JOIN analytics.fct_ripeness q ON q.cell = m.cell
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day >= w.from_day AND m.sent_day < w.to_day AND m.sent_day < q.response_ripe_day
  GROUP BY m.ck, k.kind
)
SELECT COALESCE(CAST(m.kind AS VARCHAR), 'unknown') AS kind, CAST(p.mean_bin AS BIGINT) AS mean_bin, p.cv_bin, CAST(p.bucket AS BIGINT) AS bucket, COUNT(*) AS customers, SUM(m.delivered) AS delivered, SUM(m.clicked) AS clicked,
  x_any(p.sampled) AS sampled
FROM messages m JOIN people p ON p.ck = m.ck
GROUP BY m.kind, p.mean_bin, p.cv_bin, p.bucket
