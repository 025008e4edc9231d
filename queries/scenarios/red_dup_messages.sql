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
  SELECT s.sk, CAST(m.channel AS VARCHAR) AS channel, k.bucket, m.sent_day + 7 <= w.end_day AS mature,
    m.clicked_day IS NOT NULL AND m.clicked_day <= m.sent_day + 7 AND NOT COALESCE(m.bot_click, FALSE) AS clicked
  FROM core.messages m
  JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
  JOIN scenarios.fct_dup_scope c ON c.sk = s.sk
  JOIN core.customers k ON k.ck = m.ck
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day >= w.from_day AND m.sent_day < w.to_day
)
SELECT sk, channel, bucket, COUNT(*) AS messages, CAST(SUM(CASE WHEN mature THEN 1 ELSE 0 END) AS BIGINT) AS mature,
  CAST(SUM(CASE WHEN mature AND clicked THEN 1 ELSE 0 END) AS BIGINT) AS clicked
FROM sent
GROUP BY sk, channel, bucket
