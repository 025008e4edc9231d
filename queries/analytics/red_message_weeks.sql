/*---
table: analytics.red_message_weeks
block: metrics
grain: [cell, stage, week]
reads: [analytics.fct_credits, analytics.fct_message_sums, scenarios.fct_stages]
doc: >-
  The messages of analytics.red_message_rates by the week of their send instead of the customer bucket: what a week does to everybody who gets its mailing is seen between weeks only. The weeks of a
  cell and stage add up to its buckets. A week that the complete periods cover in part holds that part.
max_rows: 2000000
columns:
  - {name: cell, type: int64, unit: "1", doc: "channel, kind and scenario, analytics.red_message_cells.cell"}
  - {name: stage, type: string, doc: "stage on the day of the send; unknown when there is none"}
  - {name: week, type: int64, unit: "1", doc: "week of the send from Monday to Sunday, 0 that of 1969-12-29"}
  - {name: messages, type: int64, unit: "messages", doc: "sent"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered"}
  - {name: bounced, type: int64, unit: "messages", doc: "bounced"}
  - {name: ripe, type: int64, unit: "messages", doc: "delivered and old enough for responses"}
  - {name: opened, type: int64, unit: "messages", doc: "of these opened, not by a named machine"}
  - {name: clicked, type: int64, unit: "messages", doc: "of the ripe, clicked, not by a named robot"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "of the ripe, unsubscribed through it"}
  - {name: complained, type: int64, unit: "messages", doc: "of the ripe, marked as spam"}
  - {name: order_ripe, type: int64, unit: "messages", doc: "delivered and old enough for orders"}
  - {name: ordered, type: int64, unit: "messages", doc: "of these, with at least one credited order"}
---*/
WITH parts AS (
  SELECT cell, st, week, SUM(messages) AS messages, SUM(delivered) AS delivered, SUM(bounced) AS bounced, SUM(CASE WHEN ripe THEN delivered ELSE 0 END) AS ripe, SUM(CASE WHEN ripe THEN opened ELSE 0 END) AS opened,
    SUM(CASE WHEN ripe THEN clicked ELSE 0 END) AS clicked, SUM(CASE WHEN ripe THEN unsubscribed ELSE 0 END) AS unsubscribed, SUM(CASE WHEN ripe THEN complained ELSE 0 END) AS complained,
    SUM(CASE WHEN order_ripe THEN delivered ELSE 0 END) AS order_ripe, 0 AS ordered
  FROM analytics.fct_message_sums
  GROUP BY cell, st, week
  UNION ALL
  SELECT cell, st, week, 0, 0, 0, 0, 0, 0, 0, 0, 0, SUM(ordered)
  FROM analytics.fct_credits
  WHERE order_ripe
  GROUP BY cell, st, week
)
SELECT CAST(p.cell AS BIGINT) AS cell, COALESCE(t.stage, 'unknown') AS stage, CAST(p.week AS BIGINT) AS week, SUM(p.messages) AS messages, SUM(p.delivered) AS delivered, SUM(p.bounced) AS bounced,
  SUM(p.ripe) AS ripe, SUM(p.opened) AS opened, SUM(p.clicked) AS clicked, SUM(p.unsubscribed) AS unsubscribed, SUM(p.complained) AS complained, SUM(p.order_ripe) AS order_ripe, SUM(p.ordered) AS ordered
FROM parts p LEFT JOIN scenarios.fct_stages t ON t.st = p.st
GROUP BY p.cell, COALESCE(t.stage, 'unknown'), p.week
