/*---
table: analytics.experiments
block: experiments
grain: [experiment_id, arm, reference_arm, outcome]
doc: >-
  Every randomized comparison in the data: the experiments of assignments and the control arms of enrolments, each arm against the reference arm. Intention to treat: all who were assigned count, whatever reached
  them. The verdict goes by the adjusted difference (cuped_*), which is the same effect with less noise; effect, lower, upper and p_value are the plain difference of means. Where verdict says that the split is broken the numbers
  stand here for a check only and mean nothing. Written by analytics/experiments.
columns:
  - {name: experiment_id, type: string, doc: "experiment; holdout:<scenario> for the control arm of enrolments"}
  - {name: arm, type: string, doc: "arm"}
  - {name: reference_arm, type: string, doc: "arm that it is compared with; empty when there is none"}
  - {name: outcome, type: string, doc: "an event name (share of customers with at least one), order (share with at least one), orders (per customer), revenue (order value per customer)"}
  - {name: n, type: int64, unit: "customers", doc: "customers of the arm that are compared: those whose outcome window is over, or all when that would leave too few (caveat window_open)"}
  - {name: n_reference, type: int64, unit: "customers", doc: "the same of the reference arm"}
  - {name: mean, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "mean of the outcome in the arm"}
  - {name: mean_reference, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "mean in the reference arm"}
  - {name: effect, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "mean - mean_reference"}
  - {name: std_error, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "of effect, by the jackknife over 100 buckets of customers, or of clusters where clusters were assigned"}
  - {name: lower, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "lower end of the 95 % interval of effect"}
  - {name: upper, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "upper end"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "two-sided, of no effect"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "p_value after Benjamini-Hochberg over all rows of the table"}
  - {name: srm_p_value, type: float64, unit: "1", nullable: true, doc: "of the sample ratio of all arms of the experiment; below .0005 the split is broken and nothing may be read from it"}
  - {name: source, type: string, doc: "assignments or enrolments"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario under test"}
  - {name: grade, type: string, doc: "A: a random split that passes its checks; D: no effect may be claimed"}
  - {name: verdict, type: string, doc: "win, loss (orders, revenue and the events of goals), higher, lower (other events), equivalent (surely smaller than margin), undecided, insufficient_data; no interpretation: broken_ratio, unbalanced, contaminated; no number: no_events, no_variation, no_members, one_arm, before_data, after_data"}
  - {name: caveat, type: string, doc: "keys of what a reader must know, joined by commas; empty when nothing. window_open (customers whose window is open are compared too, as far as they could be seen), open_left_out (they are left out), short_history, running, switched, two_arms, clusters, few_clusters, imbalance, several_arms, all_pairs, all_assigned, no_variation, guessed_shares, out_of_test"}
  - {name: unit, type: string, doc: "share, orders, or the currency"}
  - {name: window_days, type: int64, unit: "days", doc: "outcomes count so many days from the second of the assignment on; covariates as many days before it"}
  - {name: assigned, type: int64, unit: "customers", doc: "all who were assigned to the arm"}
  - {name: assigned_reference, type: int64, unit: "customers", doc: "all who were assigned to the reference arm"}
  - {name: relative, type: float64, unit: "share", nullable: true, doc: "mean / mean_reference - 1"}
  - {name: relative_lower, type: float64, unit: "share", nullable: true, doc: "lower end, 95 %, made on the log"}
  - {name: relative_upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: cuped_effect, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "effect less what the same behaviour before the assignment explains; equal to effect when it explains nothing"}
  - {name: cuped_std_error, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "of cuped_effect"}
  - {name: cuped_lower, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "lower end, 95 %"}
  - {name: cuped_upper, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "upper end"}
  - {name: cuped_p_value, type: float64, unit: "1", nullable: true, doc: "two-sided, of no effect"}
  - {name: cuped_q_value, type: float64, unit: "1", nullable: true, doc: "cuped_p_value after Benjamini-Hochberg over all rows of the table: what the verdict goes by"}
  - {name: correlation, type: float64, unit: "1", nullable: true, doc: "of the outcome with the same behaviour before, within arms; the adjusted difference needs 1 - r^2 of the customers"}
  - {name: df, type: float64, unit: "1", nullable: true, doc: "degrees of freedom: buckets with customers - 1"}
  - {name: welch_std_error, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "of effect as if every customer were independent; too small for clusters"}
  - {name: welch_p_value, type: float64, unit: "1", nullable: true, doc: "Welch's t-test of the same"}
  - {name: winsorised_effect, type: float64, unit: "money per customer", nullable: true, doc: "revenue only: cuped effect with order value cut at winsorised_at"}
  - {name: winsorised_lower, type: float64, unit: "money per customer", nullable: true, doc: "lower end, 95 %"}
  - {name: winsorised_upper, type: float64, unit: "money per customer", nullable: true, doc: "upper end"}
  - {name: winsorised_at, type: float64, unit: "money per customer", nullable: true, doc: "99.9 % point of order value before the assignment, all arms together"}
  - {name: observed_effect, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "difference of means of all assigned, also those whose window is open, as far as they could be seen; NULL when all windows are over"}
  - {name: observed_lower, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "lower end, 95 %"}
  - {name: observed_upper, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "upper end"}
  - {name: arms_compared, type: int64, unit: "1", doc: "comparisons of arms in the experiment"}
  - {name: p_family, type: float64, unit: "1", nullable: true, doc: "cuped_p_value after Holm over the comparisons of the outcome in the experiment; the same with one"}
  - {name: margin, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "smallest effect that matters"}
  - {name: p_equivalence, type: float64, unit: "1", nullable: true, doc: "of an effect outside the margin (two one-sided tests)"}
  - {name: q_equivalence, type: float64, unit: "1", nullable: true, doc: "p_equivalence after Benjamini-Hochberg over all rows"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "customers in the smaller arm that would decide; NULL when there is a verdict, or no number would do"}
  - {name: mean_reference_lower, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "lower end of the 95 % interval of mean_reference"}
  - {name: mean_reference_upper, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "upper end of it"}
  - {name: selected_level, type: float64, unit: "1", nullable: true, doc: "level of the interval that the findings print: .95, higher for effects picked out of many, so that of the intervals printed 95 % cover (false-coverage rate)"}
  - {name: selected_lower, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "lower end of it, around cuped_effect"}
  - {name: selected_upper, type: float64, unit: "share, orders or money per customer", nullable: true, doc: "upper end"}
---*/
