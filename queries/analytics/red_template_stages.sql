/*---
table: analytics.red_template_stages
block: content
grain: [use_slot, stage]
reads: [analytics.fct_content_messages, analytics.fct_content_slots, scenarios.fct_stages]
doc: In which stages the customers of the sample were when a template was sent to them.
max_rows: 1000000
columns:
  - {name: use_slot, type: int64, unit: "1", doc: "analytics.fct_content_slots.use_slot"}
  - {name: stage, type: string, doc: "stage in force on the day of the send; empty where none is known"}
  - {name: sent, type: int64, unit: "messages", doc: "sent to customers of the sample"}
---*/
WITH counts AS (
  SELECT slot, st, COUNT(*) AS sent FROM analytics.fct_content_messages GROUP BY slot, st
)
SELECT CAST(s.use_slot AS BIGINT) AS use_slot, COALESCE(t.stage, '') AS stage, CAST(SUM(c.sent) AS BIGINT) AS sent
FROM counts c
JOIN analytics.fct_content_slots s ON s.slot = c.slot
LEFT JOIN scenarios.fct_stages t ON t.st = c.st
WHERE s.template_id IS NOT NULL
GROUP BY s.use_slot, COALESCE(t.stage, '')
