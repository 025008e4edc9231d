/*---
table: analytics.value_checks
block: value
grain: [check_name, repeats]
doc: >-
  Does the BG/NBD model fit. repeat_counts: customers with so many repeat purchases, actual and expected under the model fitted on all data. holdout: purchases in the last days of the data, forecast by a model fitted on
  what came before, by the number of repeat purchases until then. Written by value.Fit.
columns:
  - {name: check_name, type: string, doc: "repeat_counts or holdout"}
  - {name: repeats, type: int64, unit: "order days", doc: "repeat purchases, 7 = 7 or more; -1 is the whole check"}
  - {name: customers, type: int64, unit: "customers", doc: "repeat_counts: customers with so many; holdout: customers who had so many"}
  - {name: actual, type: float64, unit: "1", doc: "repeat_counts: customers; holdout: purchases in the hold-out"}
  - {name: expected, type: float64, unit: "1", doc: "the same under the model"}
  - {name: ratio, type: float64, unit: "1", nullable: true, doc: "actual divided by expected"}
  - {name: lower, type: float64, unit: "1", nullable: true, doc: "holdout: lower end of the 95 % interval of ratio over customers, the model taken as known"}
  - {name: upper, type: float64, unit: "1", nullable: true, doc: "upper end of it"}
  - {name: statistic, type: float64, unit: "1", nullable: true, doc: "repeat_counts, whole: chi-squared of the counts"}
  - {name: df, type: float64, unit: "1", nullable: true, doc: "its degrees of freedom, the four parameters taken off"}
  - {name: p_value, type: float64, unit: "share", nullable: true, doc: "its p-value; with many customers any model fails it, so misplaced decides"}
  - {name: misplaced, type: float64, unit: "share", nullable: true, doc: "repeat_counts, whole: share of customers whom the model puts into another count"}
  - {name: days, type: int64, unit: "days", nullable: true, doc: "holdout: its length"}
  - {name: verdict, type: string, nullable: true, doc: "whole checks: fits (within 10 % or 2 % misplaced), rough (within 25 % or 5 %), poor"}
---*/
