/*---
table: segments.fct_pair_customers
block: pairs
grain: [unit]
reads: [core.customers, lifecycle.fct_order_days, segments.fct_pair_days, segments.fct_pair_messages, segments.fct_pair_stages, segments.red_pair_scope, segments.red_pair_window]
doc: >-
  Behaviour in each window of every customer known the day before it, and what his orders had been until then. Everything that segments are compared by is added up from here.
columns:
  - {name: unit, type: int64, unit: "1", doc: "customer key x 16 + number of the window"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: last, type: int64, unit: "1", doc: "1 in the last window, else 0"}
  - {name: bucket, type: int64, unit: "1", doc: "group of customers, 0 to buckets - 1 of segments.red_pair_scope"}
  - {name: ordered, type: int64, unit: "1", doc: "1 with an order in the window"}
  - {name: revenue, type: int64, unit: "units", doc: "order value in the window in whole units of unit_minor"}
  - {name: unit_minor, type: int64, unit: "minor currency units", doc: "one unit: such that no customer has more than 2^22 of them"}
  - {name: st, type: int64, unit: "1", doc: "stage before the window; 0 when not known"}
  - {name: staged, type: int64, unit: "1", doc: "1 when the stage before is known"}
  - {name: moved, type: int64, unit: "1", doc: "1 when in a better stage at the end"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered in the window"}
  - {name: clicked, type: int64, unit: "messages", doc: "of them clicked"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "of them followed by an unsubscribe"}
  - {name: delivered_1, type: int64, unit: "messages", doc: "of the first main scenario"}
  - {name: clicked_1, type: int64, unit: "messages", doc: "of them clicked"}
  - {name: delivered_2, type: int64, unit: "messages", doc: "of the second"}
  - {name: clicked_2, type: int64, unit: "messages", doc: "of them clicked"}
  - {name: delivered_3, type: int64, unit: "messages", doc: "of the third"}
  - {name: clicked_3, type: int64, unit: "messages", doc: "of them clicked"}
  - {name: last_order_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "last order up to the day before the window; NULL without one"}
  - {name: orders_before, type: int64, unit: "orders", doc: "orders until then"}
  - {name: revenue_before_minor, type: int64, unit: "minor currency units", doc: "their value"}
---*/
WITH bought AS (
  SELECT CAST(o.ck AS BIGINT) * 16 + d.number AS unit, CAST(SUM(o.revenue_minor) AS BIGINT) AS revenue_minor
  FROM lifecycle.fct_order_days o JOIN segments.fct_pair_days d ON d.day = o.day
  GROUP BY CAST(o.ck AS BIGINT) * 16 + d.number
),
scales AS (
  SELECT 1 + x_idiv(COALESCE(GREATEST(MAX(revenue_minor), 0 - MIN(revenue_minor)), 0), 4194304) AS unit_minor FROM bought
),
before AS (
  SELECT CAST(o.ck AS BIGINT) * 16 + w.number AS unit, o.day, o.orders_total, o.revenue_total_minor
  FROM lifecycle.fct_order_days o CROSS JOIN segments.red_pair_window w
  WHERE o.day <= w.day AND o.until_day > w.day
),
known AS (
  SELECT CAST(c.ck AS BIGINT) * 16 + w.number AS unit, c.ck, CASE WHEN w.number = 1 THEN 1 ELSE 0 END AS last, CAST(x_idiv(c.bucket * p.buckets, 100) AS INTEGER) AS bucket, x_idiv(CAST(c.ck AS BIGINT) * 40503, 65536) AS turn, CAST(c.ck AS BIGINT) * 40503 AS turned, p.keep
  FROM core.customers c CROSS JOIN segments.red_pair_window w CROSS JOIN segments.red_pair_scope p
  WHERE c.first_seen_day <= w.day
)
SELECT c.unit, c.ck, CAST(c.last AS INTEGER) AS last, c.bucket, CAST(CASE WHEN b.unit IS NULL THEN 0 ELSE 1 END AS INTEGER) AS ordered, CAST(COALESCE(x_idiv(b.revenue_minor, u.unit_minor), 0) AS INTEGER) AS revenue, u.unit_minor,
  CAST(COALESCE(s.st, 0) AS INTEGER) AS st, CAST(CASE WHEN s.unit IS NULL THEN 0 ELSE 1 END AS INTEGER) AS staged, CAST(COALESCE(s.moved, 0) AS INTEGER) AS moved,
  CAST(COALESCE(m.delivered, 0) AS INTEGER) AS delivered, CAST(COALESCE(m.clicked, 0) AS INTEGER) AS clicked, CAST(COALESCE(m.unsubscribed, 0) AS INTEGER) AS unsubscribed,
  CAST(COALESCE(m.delivered_1, 0) AS INTEGER) AS delivered_1, CAST(COALESCE(m.clicked_1, 0) AS INTEGER) AS clicked_1,
  CAST(COALESCE(m.delivered_2, 0) AS INTEGER) AS delivered_2, CAST(COALESCE(m.clicked_2, 0) AS INTEGER) AS clicked_2,
  CAST(COALESCE(m.delivered_3, 0) AS INTEGER) AS delivered_3, CAST(COALESCE(m.clicked_3, 0) AS INTEGER) AS clicked_3,
  o.day AS last_order_day, CAST(COALESCE(o.orders_total, 0) AS INTEGER) AS orders_before, COALESCE(o.revenue_total_minor, 0) AS revenue_before_minor
FROM known c
CROSS JOIN scales u
LEFT JOIN bought b ON b.unit = c.unit
LEFT JOIN before o ON o.unit = c.unit
LEFT JOIN segments.fct_pair_stages s ON s.unit = c.unit
LEFT JOIN segments.fct_pair_messages m ON m.unit = c.unit
WHERE 1000 * (c.turned - 65536 * c.turn) < 65536 * c.keep
