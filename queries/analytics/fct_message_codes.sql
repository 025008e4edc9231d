/*---
table: analytics.fct_message_codes
block: metrics
grain: [code]
doc: >-
  What the number analytics.fct_message_outcomes.code says about a message, as 0 and 1: code = delivered + 2 x open + 8 x click + 32 x bounced + 64 x unsubscribed + 128 x complained + 256 x turn,
  with open 1 opened, 2 opened fast, 3 by a machine; click 1 clicked, 2 by a robot; turn 1 stage known and no better or worse, 2 better, 3 worse. One integer is read and grouped several times faster than ten.
columns:
  - {name: code, type: int64, unit: "1", doc: "0..1023"}
  - {name: delivered, type: int64, unit: "1", doc: "1: delivered, as its time says; what was opened, clicked, unsubscribed from or complained about was delivered too. In a channel without any time of delivery: sent and not bounced"}
  - {name: opened, type: int64, unit: "1", doc: "1: opened, not by a machine that the source names"}
  - {name: fast_opened, type: int64, unit: "1", doc: "1: of these, less than 5 seconds after the delivery: machines that the source does not name"}
  - {name: machine_opened, type: int64, unit: "1", doc: "1: opened by a machine only, as the source says"}
  - {name: clicked, type: int64, unit: "1", doc: "1: clicked, not by a robot that the source names"}
  - {name: bot_clicked, type: int64, unit: "1", doc: "1: clicked by a robot only, as the source says"}
  - {name: bounced, type: int64, unit: "1", doc: "1: bounced"}
  - {name: unsubscribed, type: int64, unit: "1", doc: "1: the customer unsubscribed through it"}
  - {name: complained, type: int64, unit: "1", doc: "1: marked as spam"}
  - {name: staged, type: int64, unit: "1", doc: "1: the stage of the customer is known on the day of the send and at the end of the period of the send; it is not for the last complete period"}
  - {name: moved_up, type: int64, unit: "1", doc: "1: at the end of that period the customer was in a better stage (scenarios.fct_better_stages)"}
  - {name: moved_down, type: int64, unit: "1", doc: "1: in a worse one"}
---*/
WITH bits AS (
  SELECT 0 AS b UNION ALL SELECT 1 AS b
),
fours AS (
  SELECT 2 * x.b + y.b AS f FROM bits x CROSS JOIN bits y
)
SELECT CAST(d.b + 2 * o.f + 8 * k.f + 32 * n.b + 64 * u.b + 128 * p.b + 256 * t.f AS INTEGER) AS code, CAST(d.b AS INTEGER) AS delivered,
  CAST(CASE WHEN o.f = 1 OR o.f = 2 THEN 1 ELSE 0 END AS INTEGER) AS opened, CAST(CASE WHEN o.f = 2 THEN 1 ELSE 0 END AS INTEGER) AS fast_opened,
  CAST(CASE WHEN o.f = 3 THEN 1 ELSE 0 END AS INTEGER) AS machine_opened,
  CAST(CASE WHEN k.f = 1 THEN 1 ELSE 0 END AS INTEGER) AS clicked, CAST(CASE WHEN k.f = 2 THEN 1 ELSE 0 END AS INTEGER) AS bot_clicked,
  CAST(n.b AS INTEGER) AS bounced, CAST(u.b AS INTEGER) AS unsubscribed, CAST(p.b AS INTEGER) AS complained,
  CAST(CASE WHEN t.f > 0 THEN 1 ELSE 0 END AS INTEGER) AS staged, CAST(CASE WHEN t.f = 2 THEN 1 ELSE 0 END AS INTEGER) AS moved_up, CAST(CASE WHEN t.f = 3 THEN 1 ELSE 0 END AS INTEGER) AS moved_down
FROM bits d CROSS JOIN fours o CROSS JOIN fours k CROSS JOIN bits n CROSS JOIN bits u CROSS JOIN bits p CROSS JOIN fours t
