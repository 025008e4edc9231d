/*---
table: analytics.pipeline_cohorts
block: pipeline
grain: [cohort]
doc: >-
  Won of entered: deals by the month in which they began, and all deals open at some time in the audited period. Open deals are censored, lost ones compete. Written by pipeline.Fit.
columns:
  - {name: cohort, type: string, doc: "month (YYYY-MM) in which the deals began, or quarter (YYYY-Qn) where half of the months that are followed to the horizon have fewer than 30 deals; all: open at some time in the period, those that began before it at risk from the age that they had"}
  - {name: deals, type: int64, unit: "deals", doc: "deals"}
  - {name: won, type: int64, unit: "deals", doc: "of them won by the end of the period"}
  - {name: lost, type: int64, unit: "deals", doc: "lost"}
  - {name: active, type: int64, unit: "deals", doc: "open"}
  - {name: raw_share, type: float64, unit: "share", nullable: true, doc: "won over deals: too low while deals are open"}
  - {name: probability, type: float64, unit: "share", nullable: true, doc: "chance of being won within horizon_days; NULL when the cohort is not followed so long"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of probability"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: lost_probability, type: float64, unit: "share", nullable: true, doc: "chance of being lost within horizon_days"}
  - {name: lost_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of lost_probability"}
  - {name: lost_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: horizon_days, type: int64, unit: "days", nullable: true, doc: "horizon"}
  - {name: followed_days, type: int64, unit: "days", nullable: true, doc: "every open deal is followed at least so long; NULL when none is open"}
  - {name: median_days, type: float64, unit: "days", nullable: true, doc: "half of the deals are closed within so many days"}
  - {name: median_lower, type: float64, unit: "days", nullable: true, doc: "lower end of the 95 % interval of median_days"}
  - {name: median_upper, type: float64, unit: "days", nullable: true, doc: "upper end of it"}
---*/
