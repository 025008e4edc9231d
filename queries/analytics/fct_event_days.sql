/*---
table: analytics.fct_event_days
block: integrations
grain: [source, name, day]
reads: [core.events]
doc: Events per source system, name and day of the whole loaded history.
columns:
  - {name: source, type: string, nullable: true, doc: "system that recorded them; NULL when not given"}
  - {name: name, type: string, doc: "what the customers did"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the event in the business zone"}
  - {name: row_count, type: int64, unit: "events", doc: "how many"}
---*/
SELECT source, name, day, COUNT(*) AS row_count
FROM core.events
GROUP BY source, name, day
