/*---
table: scenarios.effects
block: effects
grain: [scenario_id, outcome, method, experiment_id]
doc: >-
  What scenarios change, with the design that says so. Grade A: a random split, all assigned customers. C: emulated sequential trials whose placebo and E-value hold. D: adjusted, but a check fails or
  is missing, or there is no number at all and caveat says why. Grade D is not an effect and never becomes money. Written by scenarios/effects.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: outcome, type: string, doc: "better_stage (in a stage whose customers order at least 1.1 times as often), order, revenue, revenue_winsorised, unsubscribe"}
  - {name: method, type: string, doc: "holdout (control arm of enrolments), assignment (an experiment), sequential_trials, none"}
  - {name: experiment_id, type: string, doc: "experiment of method assignment, else empty"}
  - {name: grade, type: string, doc: "A, C or D"}
  - {name: customers_treated, type: int64, unit: "customers", doc: "treated customers looked at"}
  - {name: customers_control, type: int64, unit: "customers", doc: "customers of the control arm, or comparators"}
  - {name: baseline, type: float64, unit: "share or money per customer", nullable: true, doc: "mean of the control arm; of the comparators weighted as the treated"}
  - {name: effect, type: float64, unit: "share or money per customer", nullable: true, doc: "change of the mean: with pre-period covariate (CUPED) for a random split, ATT over cells for trials; NULL when a gate forbids it"}
  - {name: lower, type: float64, unit: "share or money per customer", nullable: true, doc: "lower end of the interval at level"}
  - {name: upper, type: float64, unit: "share or money per customer", nullable: true, doc: "upper end of the interval at level"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "two-sided, of no change; of trials with the allowance for bias, as the verdict"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over all scenarios and outcomes of the run, one family"}
  - {name: caveat, type: string, doc: "keys of what a reader must know, joined by commas; empty when nothing. No number: srm, balance, contamination, exposure, clusters, positivity, bulk, no_comparators, no_events, window_too_short. Grade D: placebo, no_placebo, groups_differ (scenarios.effect_balance), e_value, few (below the floors of a verdict; a random split keeps its grade). To know: all_assigned (also those who were never reached), switched, sampled, trimmed (entrants without comparators are left out), reasons_excluded (so are units that scenarios.effect_reasons says are excluded), bias_convention"}
  - {name: level, type: float64, unit: "share", nullable: true, doc: "coverage of lower and upper: .95; above for those selected of many scenarios and outcomes (false-coverage rate)"}
  - {name: std_error, type: float64, unit: "share or money per customer", nullable: true, doc: "bucket jackknife"}
  - {name: unadjusted, type: float64, unit: "share or money per customer", nullable: true, doc: "plain difference of means; for trials: of all treated and all comparators, which is no effect"}
  - {name: relative, type: float64, unit: "share", nullable: true, doc: "effect as a share of baseline"}
  - {name: relative_lower, type: float64, unit: "share", nullable: true, doc: "lower end, 95 %, made on the log"}
  - {name: relative_upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: allowed, type: float64, unit: "share or money per customer", nullable: true, doc: "trials: effect less the mean bias of the negative controls"}
  - {name: allowed_lower, type: float64, unit: "share or money per customer", nullable: true, doc: "lower end with the allowance for bias, 95 %"}
  - {name: allowed_upper, type: float64, unit: "share or money per customer", nullable: true, doc: "upper end"}
  - {name: margin, type: float64, unit: "share or money per customer", nullable: true, doc: "smallest effect of interest"}
  - {name: p_equivalence, type: float64, unit: "1", nullable: true, doc: "of an effect outside the margin (TOST)"}
  - {name: verdict, type: string, doc: "different, equivalent, inconclusive, insufficient_data; empty without a number"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "customers on the smaller side that would decide"}
  - {name: n_eff, type: float64, unit: "customers", nullable: true, doc: "independent customers on the smaller side that would leave the same doubt"}
  - {name: units_treated, type: int64, unit: "units", doc: "treated customers at their time zero; the same as customers_treated for a random split"}
  - {name: units_control, type: int64, unit: "units", doc: "comparators at their time zero"}
  - {name: horizon_days, type: int64, unit: "days", doc: "outcome window"}
  - {name: population_quarter, type: int64, unit: "customers", doc: "customers who enter in a quarter at the pace of the window"}
  - {name: expected, type: float64, unit: "share or money per customer", nullable: true, doc: "effect that a hypothesis may count on: allowed (of a random split: effect) pulled towards the effects on the same outcome by the same kind of design, as the best-looking of many is over-estimated; not pulled when they are fewer than five"}
  - {name: expected_lower, type: float64, unit: "share or money per customer", nullable: true, doc: "lower end of its interval at decision.level (robust empirical Bayes)"}
  - {name: expected_upper, type: float64, unit: "share or money per customer", nullable: true, doc: "upper end"}
  - {name: range_lower, type: float64, unit: "share or money per customer", nullable: true, doc: "trials: least effect with one characteristic left out of the cells at a time, scenarios.effect_ranges; a range of estimates, no interval"}
  - {name: range_upper, type: float64, unit: "share or money per customer", nullable: true, doc: "the greatest"}
  - {name: range_left_out, type: string, doc: "the characteristic that moves the effect most; empty without a range"}
  - {name: baseline_lower, type: float64, unit: "share or money per customer", nullable: true, doc: "lower end of the 95 % interval of baseline"}
  - {name: baseline_upper, type: float64, unit: "share or money per customer", nullable: true, doc: "upper end of it"}
  - {name: equivalence, type: float64, unit: "share or money per customer", nullable: true, doc: "difference that two one-sided tests hold against the margin: effect, of trials with the allowance for bias; NULL without a verdict on it"}
  - {name: equivalence_lower, type: float64, unit: "share or money per customer", nullable: true, doc: "lower end of its 90 % interval: within the margin means equivalent at 5 %"}
  - {name: equivalence_upper, type: float64, unit: "share or money per customer", nullable: true, doc: "upper end of it"}
---*/
