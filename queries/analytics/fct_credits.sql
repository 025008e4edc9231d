/*---
table: analytics.fct_credits
block: metrics
grain: [period, week, cell, st, order_ripe, bucket]
reads: [core.calendar, core.periods, analytics.fct_attributions, analytics.fct_ripeness]
doc: Orders by the message that they are credited to within its window - its period, week, cell and stage. Attributed is not caused.
columns:
  - {name: period, type: int64, unit: "1", doc: "period of the send of the message"}
  - {name: week, type: int64, unit: "1", doc: "week of its send from Monday to Sunday, 0 that of 1969-12-29"}
  - {name: cell, type: int64, unit: "1", doc: "channel, kind and scenario of the message"}
  - {name: st, type: int64, unit: "1", doc: "stage of the customer on the day of the send; 0 where none is known"}
  - {name: order_ripe, type: bool, unit: "1", doc: "the message is old enough for orders"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: ordered, type: int64, unit: "messages", doc: "messages with at least one order"}
  - {name: orders, type: int64, unit: "orders", doc: "orders"}
  - {name: revenue_minor, type: int64, unit: minor, doc: "their revenue"}
---*/
WITH messages AS (
  SELECT ck, touch, MIN(bucket) AS bucket, SUM(orders) AS orders, SUM(revenue_minor) AS revenue_minor
  FROM analytics.fct_attributions
  WHERE touch IS NOT NULL
  GROUP BY ck, touch
),
opened AS (
  SELECT bucket, orders, revenue_minor, x_idiv(touch, 4294967296) AS sec, touch - 4294967296 * x_idiv(touch, 4294967296) AS rest
  FROM messages
),
parts AS (
  SELECT bucket, orders, revenue_minor, x_idiv(sec, 86400) + x_idiv(rest, 1073741824) - 1 AS day, x_idiv(rest - 1073741824 * x_idiv(rest, 1073741824), 1024) AS cell, rest - 1024 * x_idiv(rest, 1024) AS st
  FROM opened
),
days AS (
  SELECT c.day, p.period, x_idiv(c.day + 3, 7) AS week
  FROM core.calendar c JOIN core.periods p ON p.period = c.period AND p.complete
)
SELECT d.period, d.week, r.cell, CAST(p.st AS INTEGER) AS st, p.day < r.order_ripe_day AS order_ripe, p.bucket, COUNT(*) AS ordered, SUM(p.orders) AS orders, SUM(p.revenue_minor) AS revenue_minor
FROM parts p
JOIN days d ON d.day = p.day
JOIN analytics.fct_ripeness r ON r.cell = p.cell
GROUP BY d.period, d.week, r.cell, p.st, p.day < r.order_ripe_day, p.bucket
