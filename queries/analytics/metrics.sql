/*---
table: analytics.metrics
block: metrics
grain: [period_start, channel, scenario_id, kind, stage]
reads: [core.calendar, core.messages, core.periods, core.zone_offsets, analytics.fct_credits, analytics.fct_message_cells, analytics.fct_message_sums, analytics.fct_ripeness, scenarios.fct_stage_days, scenarios.fct_stages]
doc: >-
  Messages of every complete period by channel, scenario, kind and stage, counted by the day of the send; what came of them is counted whenever it came. Facts: numerators and denominators, no
  rates. Kinds and channels that are not the same are never to be added up into one rate. Rows with ripe or orders_ripe false still wait for a part of their responses or orders.
columns:
  - {name: period_start, type: date, doc: "first day of the period of the send"}
  - {name: channel, type: string, doc: "channel"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario; NULL when the source gives none"}
  - {name: kind, type: string, doc: "bulk, trigger or transactional; unknown when the source gives none"}
  - {name: stage, type: string, doc: "stage of the customer in force on the day of the send; unknown when there is none"}
  - {name: messages, type: int64, unit: "messages", doc: "sent"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered: its time is given, or it was opened, clicked, unsubscribed from or complained about; in a channel without any time of delivery, sent and not bounced"}
  - {name: opened, type: int64, unit: "messages", doc: "opened, machines that the source names left out"}
  - {name: clicked, type: int64, unit: "messages", doc: "clicked, robots that the source names left out"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "unsubscribed through it"}
  - {name: complained, type: int64, unit: "messages", doc: "marked as spam"}
  - {name: bounced, type: int64, unit: "messages", doc: "bounced"}
  - {name: orders_attributed, type: int64, unit: "orders", doc: "orders credited to these messages: each to the last message before it within the window of its channel. Attributed is not caused"}
  - {name: revenue_attributed, type: int64, unit: minor, doc: "revenue of these orders"}
  - {name: ordered, type: int64, unit: "messages", doc: "messages with at least one such order"}
  - {name: machine_opened, type: int64, unit: "messages", doc: "opened by a machine only"}
  - {name: bot_clicked, type: int64, unit: "messages", doc: "clicked by a robot only"}
  - {name: not_sent, type: int64, unit: "messages", doc: "decided not to be sent, by the day of the decision"}
  - {name: staged, type: int64, unit: "messages", doc: "delivered messages whose customer's stage at the end of the period is known; 0 in the last period"}
  - {name: moved_up, type: int64, unit: "messages", doc: "of these, the customer was in a better stage at the end of the period (a description, not an effect)"}
  - {name: moved_down, type: int64, unit: "messages", doc: "of these, in a worse stage"}
  - {name: ripe, type: bool, unit: "1", doc: "all sends are old enough for their responses: 95 of 100 opens and clicks of the channel come that fast"}
  - {name: orders_ripe, type: bool, unit: "1", doc: "all sends are old enough for their orders: the attribution window is over"}
  - {name: days, type: int64, unit: "days", doc: "length of the period"}
---*/
WITH decided AS (
  SELECT m.ck, m.channel, m.kind, m.scenario_id, x_idiv(x_sec(m.not_sent_at) + COALESCE(z.offset_seconds, 0), 86400) AS day
  FROM core.messages m LEFT JOIN core.zone_offsets z ON z.zone = '' AND z.from_sec <= x_sec(m.not_sent_at) AND z.to_sec > x_sec(m.not_sent_at)
  WHERE m.sent_day IS NULL AND m.not_sent_at IS NOT NULL
),
unsent AS (
  SELECT c.period, k.cell, COALESCE(s.st, 0) AS st, COUNT(*) AS n
  FROM decided d
  JOIN analytics.fct_message_cells k ON k.channel = d.channel AND k.kind IS NOT DISTINCT FROM d.kind AND k.scenario_id IS NOT DISTINCT FROM d.scenario_id
  JOIN core.calendar c ON c.day = d.day
  LEFT JOIN scenarios.fct_stage_days s ON s.ck = d.ck AND s.from_day <= d.day AND s.to_day > d.day
  WHERE c.period IS NOT NULL
  GROUP BY c.period, k.cell, COALESCE(s.st, 0)
),
parts AS (
  SELECT period, cell, st, messages, delivered, opened, clicked, unsubscribed, complained, bounced, machine_opened, bot_clicked, staged, moved_up, moved_down, 0 AS orders, 0 AS revenue_minor, 0 AS ordered, 0 AS not_sent
  FROM analytics.fct_message_sums
  UNION ALL
  SELECT period, cell, st, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, orders, revenue_minor, ordered, 0
  FROM analytics.fct_credits
  UNION ALL
  SELECT period, cell, st, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, n
  FROM unsent
),
sums AS (
  SELECT period, cell, st, SUM(messages) AS messages, SUM(delivered) AS delivered, SUM(opened) AS opened, SUM(clicked) AS clicked, SUM(unsubscribed) AS unsubscribed, SUM(complained) AS complained,
    SUM(bounced) AS bounced, SUM(orders) AS orders, SUM(revenue_minor) AS revenue_minor, SUM(ordered) AS ordered, SUM(machine_opened) AS machine_opened, SUM(bot_clicked) AS bot_clicked,
    SUM(not_sent) AS not_sent, SUM(staged) AS staged, SUM(moved_up) AS moved_up, SUM(moved_down) AS moved_down
  FROM parts
  GROUP BY period, cell, st
)
SELECT p.period_start, CAST(k.channel AS VARCHAR) AS channel, CAST(k.scenario_id AS VARCHAR) AS scenario_id, COALESCE(CAST(k.kind AS VARCHAR), 'unknown') AS kind, COALESCE(t.stage, 'unknown') AS stage,
  s.messages, s.delivered, s.opened, s.clicked, s.unsubscribed, s.complained, s.bounced, s.orders AS orders_attributed, s.revenue_minor AS revenue_attributed, s.ordered, s.machine_opened, s.bot_clicked,
  s.not_sent, s.staged, s.moved_up, s.moved_down, p.end_day <= r.response_ripe_day AS ripe, p.end_day <= r.order_ripe_day AS orders_ripe, CAST(p.end_day - p.start_day AS BIGINT) AS days
FROM sums s
JOIN core.periods p ON p.period = s.period AND p.complete
JOIN analytics.fct_message_cells k ON k.cell = s.cell
JOIN analytics.fct_ripeness r ON r.cell = s.cell
LEFT JOIN scenarios.fct_stages t ON t.st = s.st
