/*---
table: analytics.experiment_groups
block: experiments
grain: [experiment_id, arm, reference_arm, outcome, grouping, group_value]
doc: >-
  Does the effect differ between customers? By the stage and the segments on the day of the assignment, for orders, revenue (winsorised where that can be done) and the outcomes that audit.yaml names. The effect in one of many groups is
  over-estimated when it is picked for its size: read shrunk. Experiments whose split is broken are not here. Written by analytics/experiments.
columns:
  - {name: experiment_id, type: string, doc: "experiment"}
  - {name: arm, type: string, doc: "arm"}
  - {name: reference_arm, type: string, doc: "arm that it is compared with"}
  - {name: outcome, type: string, doc: "as in analytics.experiments"}
  - {name: grouping, type: string, doc: "stage or segment"}
  - {name: group_value, type: string, doc: "stage or segment on the day of the assignment"}
  - {name: n, type: int64, unit: "customers", doc: "customers of the arm in the group"}
  - {name: n_reference, type: int64, unit: "customers", doc: "customers of the reference arm in the group"}
  - {name: mean, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "mean of the arm"}
  - {name: mean_reference, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "mean of the reference arm"}
  - {name: effect, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "difference within the group with the same behaviour before as covariate"}
  - {name: std_error, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "jackknife over 50 buckets"}
  - {name: lower, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "lower end, 95 %"}
  - {name: upper, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "upper end"}
  - {name: shrunk, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "effect pulled to the mean of the groups as far as its doubt asks (empirical Bayes, Paule-Mandel); the same as effect with fewer than five groups"}
  - {name: shrunk_lower, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "lower end of its robust interval, 95 %"}
  - {name: shrunk_upper, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "upper end"}
  - {name: weight, type: float64, unit: "1", nullable: true, doc: "share of effect in shrunk; 1 is not shrunk"}
  - {name: interaction, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "effect in the group minus effect in all others of the experiment"}
  - {name: interaction_lower, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "lower end, 95 %"}
  - {name: interaction_upper, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "upper end"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of interaction: no difference between the group and the others"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "p_value after Benjamini-Hochberg over all groups, outcomes and experiments"}
  - {name: verdict, type: string, doc: "differs (q_value within decision.fdr), not_told_apart, insufficient_data"}
---*/
