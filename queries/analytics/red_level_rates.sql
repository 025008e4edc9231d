/*---
table: analytics.red_level_rates
block: personalization
grain: [chain, level, stage, bucket]
reads: [analytics.fct_content_messages, analytics.fct_content_slots, scenarios.fct_stages]
doc: Messages of the sample by their level of personalization and the customer's stage, and what came of them. Levels of different steps say different things, so this is an inventory and no comparison.
max_rows: 2000000
columns:
  - {name: chain, type: int64, unit: "1", doc: "channel, kind and scenario, analytics.fct_content_slots.chain"}
  - {name: level, type: string, doc: "none, basic, contextual or behavioural"}
  - {name: stage, type: string, doc: "stage in force on the day of the send; empty where none is known"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: sent, type: int64, unit: "messages", doc: "sent to customers of the sample"}
  - {name: delivered, type: int64, unit: "messages", doc: "of them delivered"}
  - {name: clicked, type: int64, unit: "messages", doc: "of them clicked, not by a robot"}
---*/
WITH counts AS (
  SELECT slot, st, bucket, COUNT(*) AS sent, SUM(delivered) AS delivered, SUM(delivered * clicked) AS clicked
  FROM analytics.fct_content_messages
  GROUP BY slot, st, bucket
)
SELECT CAST(s.chain AS BIGINT) AS chain, CAST(s.personalization AS VARCHAR) AS level, COALESCE(t.stage, '') AS stage, CAST(c.bucket AS BIGINT) AS bucket, CAST(SUM(c.sent) AS BIGINT) AS sent, CAST(SUM(c.delivered) AS BIGINT) AS delivered,
  CAST(SUM(c.clicked) AS BIGINT) AS clicked
FROM counts c
JOIN analytics.fct_content_slots s ON s.slot = c.slot
LEFT JOIN scenarios.fct_stages t ON t.st = c.st
WHERE s.personalization IS NOT NULL
GROUP BY s.chain, CAST(s.personalization AS VARCHAR), COALESCE(t.stage, ''), c.bucket
