/*---
table: analytics.fct_message_sums
block: metrics
grain: [period, week, cell, st, ripe, order_ripe, bucket]
reads: [core.calendar, core.periods, analytics.fct_message_codes, analytics.fct_message_outcomes, analytics.fct_ripeness]
doc: Sent messages of the complete periods and what came of them. Weeks of a period are apart (analytics.red_message_weeks); of one week, the sends that are old enough for their responses, or for their orders, are apart from those that are not.
columns:
  - {name: period, type: int64, unit: "1", doc: "period of the send, core.periods.period"}
  - {name: week, type: int64, unit: "1", doc: "week of the send from Monday to Sunday, 0 that of 1969-12-29"}
  - {name: cell, type: int64, unit: "1", doc: "channel, kind and scenario, analytics.fct_message_cells.cell"}
  - {name: st, type: int64, unit: "1", doc: "stage in force on the day of the send, scenarios.fct_stages.st; 0 where none is known"}
  - {name: ripe, type: bool, unit: "1", doc: "old enough for opens, clicks, unsubscribes and complaints (analytics.fct_ripeness)"}
  - {name: order_ripe, type: bool, unit: "1", doc: "old enough for orders: the attribution window is over"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: messages, type: int64, unit: "messages", doc: "sent"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered"}
  - {name: opened, type: int64, unit: "messages", doc: "opened, not by a named machine"}
  - {name: fast_opened, type: int64, unit: "messages", doc: "of these, less than 5 seconds after the delivery"}
  - {name: machine_opened, type: int64, unit: "messages", doc: "opened by a machine only"}
  - {name: clicked, type: int64, unit: "messages", doc: "clicked, not by a named robot"}
  - {name: bot_clicked, type: int64, unit: "messages", doc: "clicked by a robot only"}
  - {name: bounced, type: int64, unit: "messages", doc: "bounced"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "unsubscribed through it"}
  - {name: complained, type: int64, unit: "messages", doc: "marked as spam"}
  - {name: staged, type: int64, unit: "messages", doc: "delivered, and the stage at the end of the period is known"}
  - {name: moved_up, type: int64, unit: "messages", doc: "of these, the customer was then in a better stage"}
  - {name: moved_down, type: int64, unit: "messages", doc: "in a worse one"}
---*/
WITH days AS (
  SELECT c.day, p.period, x_idiv(c.day + 3, 7) AS week
  FROM core.calendar c JOIN core.periods p ON p.period = c.period AND p.complete
),
counts AS ( -- one sum over the many rows; the thirteen over what is left
  SELECT d.period, d.week, m.cell, m.st, m.sent_day < r.response_ripe_day AS ripe, m.sent_day < r.order_ripe_day AS order_ripe, m.bucket, m.code, COUNT(*) AS n
  FROM analytics.fct_message_outcomes m
  JOIN days d ON d.day = m.sent_day
  JOIN analytics.fct_ripeness r ON r.cell = m.cell
  GROUP BY d.period, d.week, m.cell, m.st, m.sent_day < r.response_ripe_day, m.sent_day < r.order_ripe_day, m.bucket, m.code
)
SELECT c.period, c.week, c.cell, c.st, c.ripe, c.order_ripe, c.bucket, SUM(c.n) AS messages, SUM(c.n * o.delivered) AS delivered, SUM(c.n * o.opened) AS opened, SUM(c.n * o.fast_opened) AS fast_opened,
  SUM(c.n * o.machine_opened) AS machine_opened, SUM(c.n * o.clicked) AS clicked, SUM(c.n * o.bot_clicked) AS bot_clicked, SUM(c.n * o.bounced) AS bounced, SUM(c.n * o.unsubscribed) AS unsubscribed,
  SUM(c.n * o.complained) AS complained, SUM(c.n * o.delivered * o.staged) AS staged, SUM(c.n * o.delivered * o.moved_up) AS moved_up, SUM(c.n * o.delivered * o.moved_down) AS moved_down
FROM counts c JOIN analytics.fct_message_codes o ON o.code = c.code
GROUP BY c.period, c.week, c.cell, c.st, c.ripe, c.order_ripe, c.bucket
