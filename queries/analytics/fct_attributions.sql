/*---
table: analytics.fct_attributions
block: metrics
grain: [ck, sec]
reads: [core.orders, analytics.fct_message_cells, analytics.fct_message_codes, analytics.fct_message_outcomes, scenarios.fct_window]
doc: >-
  Orders since the begin of the audited window with the message that they are credited to: the last one delivered to the customer before the order whose channel's window still ran (last touch), so an order belongs to at
  most one message. With windows of half, full and double length. Attributed is not caused. A message is written as one number, sent_sec x 2^32 + day x 2^30 + cell x 2^10 + st, where day is
  sent_day - whole days of sent_sec + 1; orders without any message within the double window are not here.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: sec, type: int64, unit: "unix seconds", doc: "time of the orders; several of one customer in one second are one row"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the orders in the business zone"}
  - {name: orders, type: int64, unit: "orders", doc: "how many, mostly 1"}
  - {name: revenue_minor, type: int64, unit: minor, doc: "their revenue"}
  - {name: touch_half, type: int64, unit: "1", nullable: true, doc: "message within half the window; NULL when none"}
  - {name: touch, type: int64, unit: "1", nullable: true, doc: "message within the window; NULL when none"}
  - {name: touch_double, type: int64, unit: "1", doc: "message within twice the window"}
---*/
WITH longest AS (
  SELECT 2 * MAX(k.window_seconds) AS block, MIN(w.from_day) AS from_day
  FROM analytics.fct_message_cells k CROSS JOIN scenarios.fct_window w
  HAVING MAX(k.window_seconds) > 0
),
orders AS (
  SELECT o.ck, x_sec(o.occurred_at) AS sec, MIN(o.day) AS day, COUNT(*) AS orders, SUM(o.revenue_minor) AS revenue_minor
  FROM core.orders o
  WHERE o.day >= (SELECT MIN(from_day) FROM longest)
  GROUP BY o.ck, x_sec(o.occurred_at)
),
claims AS ( -- a message of a block of time can be claimed by orders of that block and of the next one
  SELECT o.ck, o.sec, x_idiv(o.sec, l.block) AS block FROM orders o CROSS JOIN longest l
  UNION ALL
  SELECT o.ck, o.sec, x_idiv(o.sec, l.block) - 1 FROM orders o CROSS JOIN longest l
),
touches AS (
  SELECT m.ck, m.bucket, m.sent_sec, x_idiv(m.sent_sec, l.block) AS block, k.window_seconds,
    CAST(m.sent_sec AS BIGINT) * 4294967296 + CAST(m.sent_day - x_idiv(m.sent_sec, 86400) + 1 AS BIGINT) * 1073741824 + CAST(m.cell AS BIGINT) * 1024 + m.st AS touch
  FROM analytics.fct_message_outcomes m
  JOIN analytics.fct_message_cells k ON k.cell = m.cell AND k.credited
  JOIN analytics.fct_message_codes o ON o.code = m.code AND o.delivered = 1
  CROSS JOIN longest l
),
credits AS (
  SELECT o.ck, o.sec, MIN(t.bucket) AS bucket, MAX(CASE WHEN 2 * (o.sec - t.sent_sec) <= t.window_seconds THEN t.touch END) AS touch_half,
    MAX(CASE WHEN o.sec - t.sent_sec <= t.window_seconds THEN t.touch END) AS touch, MAX(t.touch) AS touch_double
  FROM claims o JOIN touches t ON t.ck = o.ck AND t.block = o.block
  WHERE t.sent_sec < o.sec AND o.sec - t.sent_sec <= 2 * t.window_seconds
  GROUP BY o.ck, o.sec
)
SELECT c.ck, c.bucket, c.sec, o.day, CAST(o.orders AS BIGINT) AS orders, CAST(o.revenue_minor AS BIGINT) AS revenue_minor, c.touch_half, c.touch, c.touch_double
FROM credits c JOIN orders o ON o.ck = c.ck AND o.sec = c.sec
