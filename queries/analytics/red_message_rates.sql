/*---
table: analytics.red_message_rates
block: metrics
grain: [cell, stage, bucket]
reads: [analytics.fct_credits, analytics.fct_message_sums, scenarios.fct_stages]
doc: >-
  Sent messages of all complete periods together, by what they are and by customer bucket: what the rates of the three layers and their intervals are made of. Responses and orders only of sends
  that are old enough for them, each beside its own denominator.
max_rows: 5000000
columns:
  - {name: cell, type: int64, unit: "1", doc: "channel, kind and scenario, analytics.red_message_cells.cell"}
  - {name: stage, type: string, doc: "stage on the day of the send; unknown when there is none"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: messages, type: int64, unit: "messages", doc: "sent"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered"}
  - {name: bounced, type: int64, unit: "messages", doc: "bounced"}
  - {name: ripe, type: int64, unit: "messages", doc: "delivered and old enough for responses"}
  - {name: opened, type: int64, unit: "messages", doc: "of these opened, not by a named machine"}
  - {name: fast_opened, type: int64, unit: "messages", doc: "of the opened, less than 5 seconds after the delivery"}
  - {name: machine_opened, type: int64, unit: "messages", doc: "of the ripe, opened by a machine only"}
  - {name: clicked, type: int64, unit: "messages", doc: "of the ripe, clicked, not by a named robot"}
  - {name: bot_clicked, type: int64, unit: "messages", doc: "of the ripe, clicked by a robot only"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "of the ripe, unsubscribed through it"}
  - {name: complained, type: int64, unit: "messages", doc: "of the ripe, marked as spam"}
  - {name: order_ripe, type: int64, unit: "messages", doc: "delivered and old enough for orders"}
  - {name: ordered, type: int64, unit: "messages", doc: "of these, with at least one credited order"}
  - {name: orders, type: int64, unit: "orders", doc: "credited orders"}
  - {name: revenue_minor, type: int64, unit: minor, doc: "their revenue"}
  - {name: staged, type: int64, unit: "messages", doc: "delivered, and the stage at the end of the period of the send is known"}
  - {name: moved_up, type: int64, unit: "messages", doc: "of these, the customer was then in a better stage"}
  - {name: moved_down, type: int64, unit: "messages", doc: "in a worse one"}
---*/
WITH parts AS (
  SELECT cell, st, bucket, SUM(messages) AS messages, SUM(delivered) AS delivered, SUM(bounced) AS bounced, SUM(CASE WHEN ripe THEN delivered ELSE 0 END) AS ripe, SUM(CASE WHEN ripe THEN opened ELSE 0 END) AS opened,
    SUM(CASE WHEN ripe THEN fast_opened ELSE 0 END) AS fast_opened, SUM(CASE WHEN ripe THEN machine_opened ELSE 0 END) AS machine_opened, SUM(CASE WHEN ripe THEN clicked ELSE 0 END) AS clicked,
    SUM(CASE WHEN ripe THEN bot_clicked ELSE 0 END) AS bot_clicked, SUM(CASE WHEN ripe THEN unsubscribed ELSE 0 END) AS unsubscribed, SUM(CASE WHEN ripe THEN complained ELSE 0 END) AS complained,
    SUM(CASE WHEN order_ripe THEN delivered ELSE 0 END) AS order_ripe, 0 AS ordered, 0 AS orders, 0 AS revenue_minor, SUM(staged) AS staged, SUM(moved_up) AS moved_up, SUM(moved_down) AS moved_down
  FROM analytics.fct_message_sums
  GROUP BY cell, st, bucket
  UNION ALL
  SELECT cell, st, bucket, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, SUM(ordered), SUM(orders), SUM(revenue_minor), 0, 0, 0
  FROM analytics.fct_credits
  WHERE order_ripe
  GROUP BY cell, st, bucket
)
SELECT CAST(p.cell AS BIGINT) AS cell, COALESCE(t.stage, 'unknown') AS stage, CAST(p.bucket AS BIGINT) AS bucket, SUM(p.messages) AS messages, SUM(p.delivered) AS delivered, SUM(p.bounced) AS bounced,
  SUM(p.ripe) AS ripe, SUM(p.opened) AS opened, SUM(p.fast_opened) AS fast_opened, SUM(p.machine_opened) AS machine_opened, SUM(p.clicked) AS clicked, SUM(p.bot_clicked) AS bot_clicked,
  SUM(p.unsubscribed) AS unsubscribed, SUM(p.complained) AS complained, SUM(p.order_ripe) AS order_ripe, SUM(p.ordered) AS ordered, SUM(p.orders) AS orders, SUM(p.revenue_minor) AS revenue_minor,
  SUM(p.staged) AS staged, SUM(p.moved_up) AS moved_up, SUM(p.moved_down) AS moved_down
FROM parts p LEFT JOIN scenarios.fct_stages t ON t.st = p.st
GROUP BY p.cell, COALESCE(t.stage, 'unknown'), p.bucket
