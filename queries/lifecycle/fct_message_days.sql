/*---
table: lifecycle.fct_message_days
grain: [ck, day]
reads: [core.messages, core.cfg_stage_features]
doc: >-
  Days on which a customer was sent, opened or clicked a message, with what has added up to then. Only what a stage rule uses is counted: without such
  rules the messages are not read and the table is empty.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day"}
  - {name: until_day, type: int64, unit: "days since 1970-01-01", doc: "the next such day, 1000000 when there is none"}
  - {name: sent_total, type: int64, unit: "messages", doc: "messages sent up to and including the day; 0 when no rule uses messages_28d"}
  - {name: opened_total, type: int64, unit: "messages", doc: "messages first opened, machine opens left out; 0 when no rule uses opens_28d"}
  - {name: clicked_total, type: int64, unit: "messages", doc: "messages first clicked, robots left out; 0 when no rule uses clicks_28d"}
---*/
WITH facts AS (
  SELECT m.ck, m.sent_day AS day, 1 AS sent, 0 AS opened, 0 AS clicked
  FROM core.messages m JOIN core.cfg_stage_features f ON f.feature = 'messages_28d'
  UNION ALL
  SELECT m.ck, m.opened_day, 0, 1, 0
  FROM core.messages m JOIN core.cfg_stage_features f ON f.feature = 'opens_28d'
  WHERE NOT COALESCE(m.machine_open, FALSE)
  UNION ALL
  SELECT m.ck, m.clicked_day, 0, 0, 1
  FROM core.messages m JOIN core.cfg_stage_features f ON f.feature = 'clicks_28d'
  WHERE NOT COALESCE(m.bot_click, FALSE)
),
days AS (
  SELECT ck, day, CAST(SUM(sent) AS INTEGER) AS sent, CAST(SUM(opened) AS INTEGER) AS opened, CAST(SUM(clicked) AS INTEGER) AS clicked
  FROM facts
  WHERE day IS NOT NULL
  GROUP BY ck, day
)
SELECT ck, day, COALESCE(x_nul(LEAD(x_nul(day)) OVER w), 1000000) AS until_day, CAST(SUM(sent) OVER w AS INTEGER) AS sent_total,
  CAST(SUM(opened) OVER w AS INTEGER) AS opened_total, CAST(SUM(clicked) OVER w AS INTEGER) AS clicked_total
FROM days
WINDOW w AS (PARTITION BY ck ORDER BY day NULLS LAST)
