/*---
table: analytics.red_repeat_days
block: integrations
grain: [source, day]
reads: [analytics.fct_event_repeats]
doc: Days on which repeated events arrived (analytics.fct_event_repeats), the 2000 with most.
max_rows: 2000
columns:
  - {name: source, type: string, doc: "system that recorded them; empty when not given"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the events in the business zone"}
  - {name: events, type: int64, unit: "events", doc: "events looked at"}
  - {name: repeats, type: int64, unit: "events", doc: "of them, repeats"}
---*/
WITH days AS (
  SELECT source, day, SUM(events) AS events, SUM(repeats) AS repeats FROM analytics.fct_event_repeats GROUP BY source, day
),
ranks AS (
  SELECT source, day, events, repeats, ROW_NUMBER() OVER (ORDER BY repeats DESC NULLS LAST, source NULLS LAST, day NULLS LAST) AS place FROM days WHERE repeats > 0
)
SELECT source, CAST(day AS BIGINT) AS day, events, repeats FROM ranks WHERE place <= 2000
