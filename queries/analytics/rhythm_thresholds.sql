/*---
table: analytics.rhythm_thresholds
block: rhythm
grain: [stage, days]
doc: >-
  Borders of life-cycle stages that are a number of days since the last order, against the pauses of the customers (lifecycle.thresholds compares the order rates on both sides of a border instead). Written by analytics/rhythm.
columns:
  - {name: stage, type: string, doc: "stage that ends at the border"}
  - {name: next_stage, type: string, nullable: true, doc: "stage of the next higher border; NULL for the last one"}
  - {name: days, type: int64, unit: "days", doc: "the border: more days since the last order leave the stage"}
  - {name: position, type: string, doc: "first, last, only or middle border"}
  - {name: horizon_days, type: int64, unit: "days", doc: "repeat orders are those within so many days of the order before"}
  - {name: returned_before, type: float64, unit: "share", nullable: true, doc: "of the customers who order again within the horizon, those who have by the border; every customer counts once"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: repeat_95_days, type: float64, unit: "days", nullable: true, doc: "95 of 100 of them have within so many days"}
  - {name: repeat_95_lower, type: float64, unit: "days", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: repeat_95_upper, type: float64, unit: "days", nullable: true, doc: "upper end"}
  - {name: repeat_95_orders, type: float64, unit: "days", nullable: true, doc: "the same with every repeat order counted once: frequent buyers weigh more"}
  - {name: repeat_50_days, type: float64, unit: "days", nullable: true, doc: "half of them have within so many days"}
  - {name: too_late_from, type: float64, unit: "share", doc: "the first border is late when more have returned before it"}
  - {name: too_early_until, type: float64, unit: "share", doc: "the border is early when fewer have: the first one below 0.5, the last one below 0.9"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of a border that is right"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over the borders that are judged"}
  - {name: verdict, type: string, doc: "late, early, fits, undecided, insufficient_data; not_judged for borders in the middle; beyond_data when the data are too short for the border"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "with a pause, with which a verdict could be expected"}
---*/
