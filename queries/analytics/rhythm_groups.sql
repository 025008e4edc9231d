/*---
table: analytics.rhythm_groups
block: rhythm
grain: [rhythm]
doc: >-
  Groups of rhythms among customers with three pauses and more - where a mixture of normal distributions of (mean logarithm of the pauses, logarithm of their coefficient of variation) shows separate heaps that come back in resampled customers; else
  quarters of a continuum. Written by analytics/rhythm.
columns:
  - {name: rhythm, type: string, doc: "the name that analytics.rhythms.rhythm has, such as 12-28 days"}
  - {name: position, type: int64, unit: "1", doc: "1 = the most frequent buyers"}
  - {name: customers, type: int64, unit: "customers", doc: "customers"}
  - {name: share, type: float64, unit: "share", doc: "of the customers with three pauses and more"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval; NULL for quarters, whose share is chosen"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: typical_gap_days, type: float64, unit: "days", doc: "geometric mean of the customers' geometric mean pauses"}
  - {name: from_days, type: float64, unit: "days", doc: "10 % of its customers have shorter mean pauses; for quarters, the border"}
  - {name: to_days, type: float64, unit: "days", doc: "10 % have longer ones; for quarters, the border"}
  - {name: cv, type: float64, unit: "1", doc: "geometric mean of the coefficients of variation: 0 = like a clock, 1 = by chance"}
  - {name: components, type: int64, unit: "1", doc: "normal components that form the group"}
  - {name: source, type: string, doc: "mixture or quantiles"}
---*/
