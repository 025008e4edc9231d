/*---
table: analytics.gap_curve
block: rhythm
grain: [days]
doc: >-
  Share of customers, and of pauses, in which the next order has come within so many days (Kaplan-Meier with the open pauses). Counted by customers every customer weighs the same (Wang and Chang 1999); counted by pauses the frequent buyers do.
  Written by analytics/rhythm.
columns:
  - {name: days, type: int64, unit: "days", doc: "days since the last order; every day up to 60, then fewer"}
  - {name: returned, type: float64, unit: "share", doc: "of customers, the next order came within so many days"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: returned_gaps, type: float64, unit: "share", nullable: true, doc: "the same with every pause counted once"}
  - {name: gaps_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: gaps_upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: completed, type: int64, unit: "gaps", doc: "completed pauses of at most so many days"}
  - {name: at_risk, type: int64, unit: "gaps", doc: "pauses, completed and open, that lasted at least so long"}
---*/
