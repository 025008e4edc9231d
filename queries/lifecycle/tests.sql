/*---
table: lifecycle.tests
grain: [test, subject]
doc: >-
  Tests of the matrix with clustered chi-squared statistics: does it change over time, does the stage before last matter (memory), does the
  age in the stage matter, do groups differ. Significance is cheap at CRM sizes: matters says whether it is worth acting on. Written by
  lifecycle.Fit.
columns:
  - {name: test, type: string, doc: "homogeneity_over_time, markov_order, duration_dependence or between_groups"}
  - {name: subject, type: string, doc: "all (every stage), the from-stage, or the grouping"}
  - {name: statistic, type: float64, unit: "1", nullable: true, doc: "clustered statistic X2/(delta df), referred to F(df, df2)"}
  - {name: df, type: int64, unit: "1", nullable: true, doc: "degrees of freedom of X2"}
  - {name: p_value, type: float64, unit: "share", nullable: true, doc: "of the clustered test"}
  - {name: note, type: string, doc: "in words: what was compared, what was pooled, why there is no number"}
  - {name: q_value, type: float64, unit: "share", nullable: true, doc: "Benjamini-Hochberg over all tests of this table"}
  - {name: df2, type: float64, unit: "1", nullable: true, doc: "denominator degrees of freedom, df x (buckets - 1)"}
  - {name: x2, type: float64, unit: "1", nullable: true, doc: "Pearson X2 as if customers were independent"}
  - {name: g2, type: float64, unit: "1", nullable: true, doc: "likelihood-ratio statistic as if customers were independent"}
  - {name: delta, type: float64, unit: "1", nullable: true, doc: "mean design effect of the cells"}
  - {name: n, type: int64, unit: "customer-periods", doc: "moves compared"}
  - {name: information_bits, type: float64, unit: "bits", nullable: true, doc: "conditional mutual information, corrected for chance"}
  - {name: log_loss_gain, type: float64, unit: "share", nullable: true, doc: "share of the log loss of the next stage that knowing the row removes, corrected for chance"}
  - {name: matters, type: bool, doc: "p_value below .05 and log_loss_gain above 0.01"}
---*/
