/*---
table: analytics.rhythm_quantiles
block: rhythm
grain: [gap_class]
doc: >-
  How many standard deviations of the model the lateness threshold lies above the expected logarithm of a pause, by the number of pauses known before it - so chosen that the share late_share of the pauses of the data was shorter (Kaplan-Meier with the
  open ones over the standardised pauses), because pauses are seldom quite lognormal. Where too few pauses end for that, it is the model's own quantile. Written by analytics/rhythm.
columns:
  - {name: gap_class, type: int64, unit: "1", doc: "pauses before: 0 = fewer than two (prior), 2, 3, 4 as they are, 5 = 5..8, 9 = 9 and more"}
  - {name: quantile, type: float64, unit: "1", doc: "used by analytics.rhythms"}
  - {name: lower, type: float64, unit: "1", nullable: true, doc: "lower end of its 95 % interval; NULL for the model's own"}
  - {name: upper, type: float64, unit: "1", nullable: true, doc: "upper end"}
  - {name: source, type: string, doc: "data or model"}
  - {name: pauses, type: int64, unit: "gaps", doc: "pauses looked at, completed and open"}
  - {name: completed, type: int64, unit: "gaps", doc: "of them completed"}
  - {name: model_coverage, type: float64, unit: "share", nullable: true, doc: "share of pauses that were shorter than the model's own 90 % threshold: 0.9 if pauses were lognormal"}
---*/
