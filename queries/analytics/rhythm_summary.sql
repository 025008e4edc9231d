/*---
table: analytics.rhythm_summary
block: rhythm
grain: [measure]
doc: What is known of pauses between orders in a few numbers. Written by analytics/rhythm.
columns:
  - {name: measure, type: string, doc: "typical_gap (median pause of the typical customer by the model, those who never come back included: where most order once it is an extrapolation), late_after_new (lateness threshold of a customer without a rhythm of his own), median_gap (customers), return_30, return_90, return_180, return_365 (share of customers who order again within so many days), repeat_95 (95 of 100 repeat orders within the horizon come within so many days, customers), repeat_95_orders (the same, every order counts), horizon (days that the curve can look ahead), cv_median, regular_share (cv below 0.5), clumpiness, clumpiness_excess (above what chance gives)"}
  - {name: value, type: float64, unit: "see unit", doc: "value"}
  - {name: lower, type: float64, unit: "see unit", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "see unit", nullable: true, doc: "upper end"}
  - {name: unit, type: string, doc: "days, share or 1"}
  - {name: customers, type: int64, unit: "customers", doc: "customers that it was measured on"}
---*/
