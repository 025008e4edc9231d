/*---
table: scenarios.red_dup_messages
block: duplicates
grain: [sk, channel, bucket]
reads: [core.customers, core.messages, scenarios.fct_dup_scope, scenarios.fct_scenarios, scenarios.fct_window]
doc: Messages of a scenario sent within the audited window, and clicks on those that had a week to be clicked.
max_rows: 2000000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: channel, type: string, doc: "channel"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: messages, type: int64, unit: "messages", doc: "sent"}
  - {name: mature, type: int64, unit: "messages", doc: "sent at least seven days before the end of the data"}
  - {name: clicked, type: int64, unit: "messages", doc: "of the mature ones clicked within seven days, robots left out"}
---*/
WITH sent AS (
  SELECT m.scenario_id, m.channel, k.bucket, COUNT(*) AS messages, SUM(CASE WHEN m.sent_day + 7 <= w.end_day THEN 1 ELSE 0 END) AS mature,
    SUM(CASE WHEN m.sent_day + 7 <= w.end_day AND m.clicked_day <= m.sent_day + 7 AND NOT COALESCE(m.bot_click, FALSE) THEN 1 ELSE 0 END) AS clicked
  FROM core.messages m
  JOIN core.customers k ON k.ck = m.ck
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day >= w.from_day AND m.sent_day < w.to_day
  GROUP BY m.scenario_id, m.channel, k.bucket
)
SELECT s.sk, CAST(m.channel AS VARCHAR) AS channel, m.bucket, m.messages, CAST(m.mature AS BIGINT) AS mature, CAST(m.clicked AS BIGINT) AS clicked
FROM sent m
JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
JOIN scenarios.fct_dup_scope c ON c.sk = s.sk
