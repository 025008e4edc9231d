/*---
table: analytics.red_template_weeks
block: content
grain: [use_slot, chain, week, bucket]
reads: [analytics.fct_content_messages, analytics.fct_content_sample, analytics.fct_content_slots, analytics.fct_template_lives]
doc: >-
  Delivered messages of the sample and their responses by week. Rows with use_slot 0 are all messages of a channel, kind and scenario; the others those of a template whose response is followed over time (analytics.fct_template_lives), from the
  begin of its life on.
max_rows: 5000000
columns:
  - {name: use_slot, type: int64, unit: "1", doc: "analytics.fct_template_lives.use_slot; 0 for all"}
  - {name: chain, type: int64, unit: "1", doc: "channel, kind and scenario, analytics.fct_content_slots.chain"}
  - {name: week, type: int64, unit: "1", doc: "weeks from the first audited day"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered"}
  - {name: opened, type: int64, unit: "messages", doc: "opened, not by a machine"}
  - {name: clicked, type: int64, unit: "messages", doc: "clicked, not by a robot"}
---*/
WITH counts AS (
  SELECT m.slot, m.week, m.bucket, COUNT(*) AS delivered, SUM(m.opened) AS opened, SUM(m.clicked) AS clicked
  FROM analytics.fct_content_messages m JOIN analytics.fct_content_sample p ON m.week < p.weeks
  WHERE m.delivered = 1
  GROUP BY m.slot, m.week, m.bucket
),
both_kinds AS (
  SELECT 0 AS use_slot, s.chain, c.week, c.bucket, c.delivered, c.opened, c.clicked
  FROM counts c JOIN analytics.fct_content_slots s ON s.slot = c.slot
  UNION ALL
  SELECT l.use_slot, s.chain, c.week, c.bucket, c.delivered, c.opened, c.clicked
  FROM counts c JOIN analytics.fct_content_slots s ON s.slot = c.slot
  JOIN analytics.fct_template_lives l ON l.use_slot = s.use_slot AND c.week >= l.from_week
)
SELECT CAST(use_slot AS BIGINT) AS use_slot, CAST(chain AS BIGINT) AS chain, CAST(week AS BIGINT) AS week, CAST(bucket AS BIGINT) AS bucket, CAST(SUM(delivered) AS BIGINT) AS delivered, CAST(SUM(opened) AS BIGINT) AS opened, CAST(SUM(clicked) AS BIGINT) AS clicked
FROM both_kinds
GROUP BY use_slot, chain, week, bucket
