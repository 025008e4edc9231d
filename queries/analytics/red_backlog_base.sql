/*---
table: analytics.red_backlog_base
block: backlog
grain: [bucket]
reads: [analytics.fct_backlog_sample, core.messages, core.orders, scenarios.fct_window]
doc: >-
  What the whole programme of messages is about - sampled customers, those who were sent anything but transactional messages in the audited window, and what these bought in it.
max_rows: 100
columns:
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: every, type: int64, unit: "1", doc: "each sampled customer stands for so many"}
  - {name: days, type: int64, unit: days, doc: "length of the audited window"}
  - {name: sampled, type: int64, unit: customers, doc: "sampled"}
  - {name: reached, type: int64, unit: customers, doc: "of them, sent such a message"}
  - {name: buyers, type: int64, unit: customers, doc: "of these, with an order in the last 28 days of it"}
  - {name: revenue_minor, type: int64, unit: minor, doc: "value of their orders in the window"}
---*/
WITH reached AS (
  SELECT m.ck
  FROM core.messages m JOIN analytics.fct_backlog_sample s ON s.ck = m.ck CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day >= w.from_day AND m.sent_day < w.to_day AND (m.kind IS NULL OR m.kind <> 'transactional')
  GROUP BY m.ck
),
orders AS (
  SELECT o.ck, SUM(o.revenue_minor) AS revenue_minor, MAX(o.day) AS last_day, MAX(w.to_day) AS to_day
  FROM core.orders o JOIN analytics.fct_backlog_sample s ON s.ck = o.ck CROSS JOIN scenarios.fct_window w
  WHERE o.day >= w.from_day AND o.day < w.to_day
  GROUP BY o.ck
)
SELECT CAST(s.bucket AS BIGINT) AS bucket, CAST(MIN(s.every) AS BIGINT) AS every, CAST(MIN(w.to_day - w.from_day) AS BIGINT) AS days, COUNT(*) AS sampled, COUNT(r.ck) AS reached,
  COUNT(CASE WHEN r.ck IS NOT NULL AND o.last_day >= o.to_day - 28 THEN 1 END) AS buyers, CAST(COALESCE(SUM(CASE WHEN r.ck IS NOT NULL THEN o.revenue_minor END), 0) AS BIGINT) AS revenue_minor
FROM analytics.fct_backlog_sample s
CROSS JOIN scenarios.fct_window w
LEFT JOIN reached r ON r.ck = s.ck
LEFT JOIN orders o ON o.ck = s.ck
GROUP BY s.bucket
