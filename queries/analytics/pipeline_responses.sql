/*---
table: analytics.pipeline_responses
block: pipeline
grain: [answer]
doc: >-
  Time to the first response to deals that began in the audited period, the unanswered censored. Written by pipeline.Fit.
columns:
  - {name: answer, type: string, doc: "any, or the kind of first response: task_done, call, message, move"}
  - {name: deals, type: int64, unit: "deals", doc: "deals begun in the period"}
  - {name: answered, type: int64, unit: "deals", doc: "with this first response within 30 days"}
  - {name: median_hours, type: float64, unit: "hours", nullable: true, doc: "half of the deals are answered within so many hours; only for any"}
  - {name: median_lower, type: float64, unit: "hours", nullable: true, doc: "lower end of the 95 % interval of median_hours"}
  - {name: median_upper, type: float64, unit: "hours", nullable: true, doc: "upper end of it"}
  - {name: within_hour, type: float64, unit: "share", nullable: true, doc: "share answered so within an hour"}
  - {name: hour_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of within_hour"}
  - {name: hour_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: within_day, type: float64, unit: "share", nullable: true, doc: "share answered so within 24 hours"}
  - {name: day_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of within_day"}
  - {name: day_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: within_month, type: float64, unit: "share", nullable: true, doc: "share answered so within 30 days"}
  - {name: month_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of within_month"}
  - {name: month_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
---*/
