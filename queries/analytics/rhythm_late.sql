/*---
table: analytics.rhythm_late
block: rhythm
grain: [rhythm, source]
doc: Customers who are later than their own threshold at the end of the data, by rhythm. Facts; more than a tenth is usual, because those who left for good are among them. Written by analytics/rhythm.
columns:
  - {name: rhythm, type: string, doc: "analytics.rhythms.rhythm"}
  - {name: source, type: string, doc: "own, prior or none"}
  - {name: customers, type: int64, unit: "customers", doc: "customers"}
  - {name: late, type: int64, unit: "customers", doc: "of them late"}
  - {name: late_share, type: float64, unit: "share", doc: "late / customers"}
---*/
