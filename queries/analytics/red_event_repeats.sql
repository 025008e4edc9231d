/*---
table: analytics.red_event_repeats
block: integrations
grain: [source, bucket]
reads: [analytics.fct_event_repeats]
doc: Repeated events of the audited window (analytics.fct_event_repeats) by source and customer bucket. The 50 largest sources.
max_rows: 5000
columns:
  - {name: source, type: string, doc: "system that recorded them; empty when not given"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: events, type: int64, unit: "events", doc: "events looked at"}
  - {name: repeats, type: int64, unit: "events", doc: "of them, repeats"}
---*/
WITH sizes AS (
  SELECT source, SUM(events) AS events FROM analytics.fct_event_repeats GROUP BY source
),
ranks AS (
  SELECT source, ROW_NUMBER() OVER (ORDER BY events DESC NULLS LAST, source NULLS LAST) AS place FROM sizes
)
SELECT c.source, CAST(c.bucket AS BIGINT) AS bucket, SUM(c.events) AS events, SUM(c.repeats) AS repeats
FROM analytics.fct_event_repeats c JOIN ranks r ON r.source = c.source AND r.place <= 50
GROUP BY c.source, c.bucket
