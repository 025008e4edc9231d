/*---
table: analytics.red_metric_periods
block: metrics
grain: [period, family, bucket]
reads: [core.periods, analytics.fct_credits, analytics.fct_message_cells, analytics.fct_message_sums]
doc: What the rates of every complete period are made of, by channel and kind. Responses and orders only of sends that are old enough for them.
max_rows: 4000000
columns:
  - {name: period, type: int64, unit: "1", doc: "period of the send, core.periods.period"}
  - {name: start_day, type: int64, unit: "days since 1970-01-01", doc: "its first day"}
  - {name: family, type: int64, unit: "1", doc: "channel and kind, analytics.red_message_cells.family"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: messages, type: int64, unit: "messages", doc: "sent"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered"}
  - {name: bounced, type: int64, unit: "messages", doc: "bounced"}
  - {name: ripe, type: int64, unit: "messages", doc: "delivered and old enough for responses"}
  - {name: opened, type: int64, unit: "messages", doc: "of these opened, not by a named machine"}
  - {name: clicked, type: int64, unit: "messages", doc: "of these clicked, not by a named robot"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "of these, unsubscribed through it"}
  - {name: complained, type: int64, unit: "messages", doc: "of these, marked as spam"}
  - {name: order_ripe, type: int64, unit: "messages", doc: "delivered and old enough for orders"}
  - {name: ordered, type: int64, unit: "messages", doc: "of these, with at least one credited order"}
---*/
WITH parts AS (
  SELECT period, cell, bucket, messages, delivered, bounced, CASE WHEN ripe THEN delivered ELSE 0 END AS ripe, CASE WHEN ripe THEN opened ELSE 0 END AS opened, CASE WHEN ripe THEN clicked ELSE 0 END AS clicked,
    CASE WHEN ripe THEN unsubscribed ELSE 0 END AS unsubscribed, CASE WHEN ripe THEN complained ELSE 0 END AS complained, CASE WHEN order_ripe THEN delivered ELSE 0 END AS order_ripe, 0 AS ordered
  FROM analytics.fct_message_sums
  UNION ALL
  SELECT period, cell, bucket, 0, 0, 0, 0, 0, 0, 0, 0, 0, ordered
  FROM analytics.fct_credits
  WHERE order_ripe
)
SELECT CAST(p.period AS BIGINT) AS period, CAST(q.start_day AS BIGINT) AS start_day, CAST(k.family AS BIGINT) AS family, CAST(p.bucket AS BIGINT) AS bucket, SUM(p.messages) AS messages, SUM(p.delivered) AS delivered, SUM(p.bounced) AS bounced,
  SUM(p.ripe) AS ripe, SUM(p.opened) AS opened, SUM(p.clicked) AS clicked, SUM(p.unsubscribed) AS unsubscribed, SUM(p.complained) AS complained, SUM(p.order_ripe) AS order_ripe, SUM(p.ordered) AS ordered
FROM parts p
JOIN analytics.fct_message_cells k ON k.cell = p.cell
JOIN core.periods q ON q.period = p.period
GROUP BY p.period, q.start_day, k.family, p.bucket
