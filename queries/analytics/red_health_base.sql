/*---
table: analytics.red_health_base
block: health
grain: [contacts]
reads: [core.cfg_audit, core.customers, core.history]
doc: How many contacts there are and which days the data covers. One row.
max_rows: 1
columns:
  - {name: contacts, type: int64, unit: "customers", doc: "customers known by the end of the audited period"}
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "first loaded day"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first audited day"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "the day after the last audited one: ages are counted up to it"}
---*/
SELECT COUNT(c.ck) AS contacts, CAST(h.first_day AS BIGINT) AS first_day, CAST(a.from_day AS BIGINT) AS from_day, CAST(a.to_day AS BIGINT) AS to_day
FROM core.cfg_audit a
CROSS JOIN core.history h
LEFT JOIN core.customers c ON c.first_seen_day < a.to_day
GROUP BY h.first_day, a.from_day, a.to_day
