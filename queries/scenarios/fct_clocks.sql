/*---
table: scenarios.fct_clocks
block: overlap
grain: [ck]
reads: [core.customers, core.zone_offsets, scenarios.fct_window, scenarios.red_overlap_grid]
doc: >-
  Customers whose messages are compared apart from others: they were first seen within the audited time, so that nothing could reach them before, or they
  live at another offset from UTC than the business, so that what is sent at their own hour comes at another hour of the business.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: known_week, type: int64, unit: "weeks", doc: "first week (0 = that of start_day) at whose begin he was known"}
  - {name: clock, type: int64, unit: "1", doc: "0 = offset of the business at the begin of the audited time; 1..6 the other offsets with the most customers, 7 = the rest"}
---*/
WITH offsets AS (
  SELECT z.zone AS name, z.offset_seconds FROM core.zone_offsets z CROSS JOIN scenarios.fct_window w WHERE z.from_sec <= w.from_sec AND z.to_sec > w.from_sec
),
others AS (
  SELECT o.name, o.offset_seconds FROM offsets o JOIN offsets b ON b.name = '' AND b.offset_seconds <> o.offset_seconds
),
sizes AS (
  SELECT o.offset_seconds, COUNT(*) AS customers
  FROM core.customers c JOIN others o ON o.name = c.timezone
  GROUP BY o.offset_seconds
),
places AS (
  SELECT offset_seconds, LEAST(ROW_NUMBER() OVER (ORDER BY customers DESC NULLS LAST, offset_seconds NULLS LAST), 7) AS place FROM sizes
),
clocks AS (
  SELECT c.ck, CASE WHEN c.first_seen_day >= g.start_day THEN x_idiv(c.first_seen_day - g.start_day, 7) + 1 ELSE 0 END AS known_week, COALESCE(p.place, 0) AS clock
  FROM core.customers c
  CROSS JOIN scenarios.red_overlap_grid g
  LEFT JOIN others o ON o.name = c.timezone
  LEFT JOIN places p ON p.offset_seconds = o.offset_seconds
)
SELECT ck, CAST(known_week AS INTEGER) AS known_week, CAST(clock AS INTEGER) AS clock
FROM clocks
WHERE known_week > 0 OR clock > 0
