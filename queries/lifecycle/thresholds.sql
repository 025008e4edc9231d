/*---
table: lifecycle.thresholds
grain: [kind, stage_a, stage_b]
doc: >-
  Borders of stages against the data: neighbouring stages that order equally often, and stages whose early and late ages differ. Written by
  lifecycle.Fit.
columns:
  - {name: kind, type: string, doc: "equal_neighbours or mixed_stage"}
  - {name: stage_a, type: string, doc: "first stage, or the stage that is split"}
  - {name: stage_b, type: string, doc: "second stage; equal to stage_a when the stage is split"}
  - {name: split_age, type: int64, unit: "periods", nullable: true, doc: "early = up to this age; NULL for neighbours"}
  - {name: rate_a, type: float64, unit: "share", doc: "share ordering in the next period: first stage or early ages"}
  - {name: rate_a_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of rate_a"}
  - {name: rate_a_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of rate_a"}
  - {name: rate_b, type: float64, unit: "share", doc: "the same of the second stage or late ages"}
  - {name: rate_b_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of rate_b"}
  - {name: rate_b_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of rate_b"}
  - {name: difference, type: float64, unit: "share", nullable: true, doc: "rate_a - rate_b"}
  - {name: difference_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of difference"}
  - {name: difference_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of difference"}
  - {name: margin, type: float64, unit: "share", doc: "smallest difference that matters"}
  - {name: p_different, type: float64, unit: "share", nullable: true, doc: "p-value that the difference is within +/- margin"}
  - {name: p_equivalent, type: float64, unit: "share", nullable: true, doc: "p-value that it is not (two one-sided tests)"}
  - {name: q_value, type: float64, unit: "share", nullable: true, doc: "Benjamini-Hochberg over the p-value of the row's kind: equivalent for neighbours, different for split stages"}
  - {name: verdict, type: string, doc: "different, equivalent, inconclusive or insufficient_data"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "on the smaller side, with which a verdict could be expected; NULL when there is one or no number would do"}
---*/
