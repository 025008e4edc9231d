/*---
table: scenarios.red_unknown_zones
block: contact
grain: [state]
reads: [core.customers, core.zone_offsets]
doc: How many customers have a time zone of their own.
max_rows: 10
columns:
  - {name: state, type: string, doc: "own, none (the business zone is used) or unknown (not in the zone database, the business zone is used)"}
  - {name: customers, type: int64, unit: "customers", doc: "how many"}
---*/
WITH zones AS (
  SELECT o.zone, o.known FROM core.zone_offsets o GROUP BY o.zone, o.known
),
states AS (
  SELECT CASE WHEN COALESCE(c.timezone, '') = '' THEN 'none' WHEN z.known THEN 'own' ELSE 'unknown' END AS state
  FROM core.customers c LEFT JOIN zones z ON z.zone = c.timezone
)
SELECT state, COUNT(*) AS customers FROM states GROUP BY state
