/*---
table: analytics.activity_hours
block: rhythm
grain: [weekday, hour]
doc: When customers order - order days of the last whole weeks by weekday and hour of the first order, business zone. Facts. Written by analytics/rhythm.
columns:
  - {name: weekday, type: int64, unit: "1", doc: "1 Monday to 7 Sunday"}
  - {name: hour, type: int64, unit: "1", nullable: true, doc: "0..23; NULL for the whole day"}
  - {name: orders, type: int64, unit: "order days", doc: "order days"}
  - {name: share, type: float64, unit: "share", doc: "of all"}
---*/
