/*---
table: analytics.red_rhythm_late
block: rhythm
grain: [rhythm, source]
reads: [analytics.rhythms]
doc: Customers by rhythm, and how many of them are later than their own threshold at the end of the data.
max_rows: 1000
columns:
  - {name: rhythm, type: string, doc: "analytics.rhythms.rhythm"}
  - {name: source, type: string, doc: "own, prior or none"}
  - {name: customers, type: int64, unit: "customers", doc: "customers"}
  - {name: late, type: int64, unit: "customers", doc: "of them late"}
---*/
SELECT rhythm, source, COUNT(*) AS customers, SUM(CASE WHEN late THEN 1 ELSE 0 END) AS late
FROM analytics.rhythms
GROUP BY rhythm, source
