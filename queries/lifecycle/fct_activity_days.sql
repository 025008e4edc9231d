/*---
table: lifecycle.fct_activity_days
grain: [ck, day]
reads: [core.events, core.cfg_activity_events, core.cfg_lifecycle]
doc: Days on which a customer was active (lifecycle.activity_events; every event when none are named), with what has added up to then.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the activity"}
  - {name: events, type: int64, unit: "events", doc: "activity events of the day"}
  - {name: until_day, type: int64, unit: "days since 1970-01-01", doc: "the next active day, 1000000 when there is none: what has added up holds for the ends of periods after day and up to this"}
  - {name: events_total, type: int64, unit: "events", doc: "activity events up to and including the day"}
---*/
WITH named AS (
  SELECT e.name
  FROM (SELECT name FROM core.events GROUP BY name) e
  CROSS JOIN core.cfg_lifecycle c
  LEFT JOIN core.cfg_activity_events a ON a.name = CAST(e.name AS VARCHAR)
  WHERE c.all_activity OR a.name IS NOT NULL
),
days AS (
  SELECT e.ck, e.day, CAST(COUNT(*) AS INTEGER) AS events
  FROM core.events e JOIN named n ON n.name = e.name
  GROUP BY e.ck, e.day
)
SELECT ck, day, events,
  COALESCE(x_nul(LEAD(x_nul(day)) OVER w), 1000000) AS until_day,
  CAST(SUM(events) OVER w AS INTEGER) AS events_total
FROM days
WINDOW w AS (PARTITION BY ck ORDER BY day NULLS LAST)
