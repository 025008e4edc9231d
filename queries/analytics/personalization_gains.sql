/*---
table: analytics.personalization_gains
block: personalization
grain: [scenario_id, channel, kind, level, reference_level, design, experiment_id, arm, reference_arm, stage]
doc: >-
  What a level of personalization brings beside a simpler one in the same scenario and channel, in clicks per delivered message. Design assigned: customers were assigned to the levels (all assigned to whom a message was delivered, by arm, whatever level reached them).
  Design side_by_side: one step went out with both levels in the same weeks; compared within step, stage, tenure and week at one mix. Levels that never ran side by side are not compared. Written by analytics/personalization.
columns:
  - {name: scenario_id, type: string, doc: "scenario; empty without one"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, doc: "bulk, trigger or transactional; empty when not given"}
  - {name: level, type: string, doc: "the higher level"}
  - {name: reference_level, type: string, doc: "the simpler one"}
  - {name: design, type: string, doc: "assigned or side_by_side"}
  - {name: experiment_id, type: string, doc: "experiment, with design assigned; else empty"}
  - {name: arm, type: string, doc: "arm with the higher level; else empty"}
  - {name: reference_arm, type: string, doc: "arm with the simpler one; else empty"}
  - {name: stage, type: string, doc: "stage of the customer on the day of the send, with design assigned of the assignment; all for all of them"}
  - {name: customers, type: int64, unit: "customers", doc: "with a delivered message at the level, or of the arm; of the sample with design side_by_side"}
  - {name: customers_reference, type: int64, unit: "customers", doc: "at the simpler level"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered at the level, in strata with both"}
  - {name: delivered_reference, type: int64, unit: "messages", doc: "at the simpler level"}
  - {name: strata, type: int64, unit: "1", doc: "strata with both: step, stage, tenure and week; with design assigned steps"}
  - {name: rate, type: float64, unit: share, nullable: true, doc: "clicks per delivered message at the level, at the common mix of strata"}
  - {name: rate_reference, type: float64, unit: share, nullable: true, doc: "at the simpler level"}
  - {name: gain, type: float64, unit: share, nullable: true, doc: "rate - rate_reference"}
  - {name: std_error, type: float64, unit: share, nullable: true, doc: "jackknife over customers"}
  - {name: lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: df, type: float64, unit: "1", nullable: true, doc: "degrees of freedom"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of no difference, two-sided"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over all comparisons of the audit"}
  - {name: p_equivalence, type: float64, unit: "1", nullable: true, doc: "of a difference within the margin (TOST)"}
  - {name: q_equivalence, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg of it"}
  - {name: margin, type: float64, unit: share, nullable: true, doc: "smallest difference of interest: decision.equivalence.ctr, at most a quarter of rate_reference"}
  - {name: shrunk, type: float64, unit: share, nullable: true, doc: "gain pulled to the mean of its design (empirical Bayes)"}
  - {name: shrunk_lower, type: float64, unit: share, nullable: true, doc: "lower end, level of decision.level"}
  - {name: shrunk_upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: placebo, type: float64, unit: share, nullable: true, doc: "the same difference in the messages of all other scenarios, which the level cannot change; NULL with design assigned and for customers who get nothing else"}
  - {name: placebo_lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval"}
  - {name: placebo_upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: balance_p_value, type: float64, unit: "1", nullable: true, doc: "of one share of the level in all stages and tenures (clustered chi-squared); NULL with design assigned"}
  - {name: ratio_p_value, type: float64, unit: "1", nullable: true, doc: "of a usual split: of the assigned customers, or of the messages (jackknife over customers)"}
  - {name: diluted, type: bool, unit: "1", doc: "fewer than 95 of 100 messages of an arm have its level: the difference is that of being assigned"}
  - {name: grade, type: string, doc: "A assigned and the checks passed; C side by side, and the customers of both levels do the same with messages of other scenarios; D otherwise"}
  - {name: threat, type: string, doc: "other_time_and_customers, split_not_recorded (balanced, but nobody wrote down that it was drawn), level_by_data, levels_differ_elsewhere, no_placebo, contact_differs, broken_split"}
  - {name: verdict, type: string, doc: "gain, loss, no_gain (proved within the margin), undecided, insufficient_data, broken_split"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "customers on the smaller side with which a verdict could be expected"}
  - {name: flow_per_quarter, type: int64, unit: "messages", doc: "messages per quarter that go out at the simpler level, to everybody"}
  - {name: saved_per_quarter, type: float64, unit: "currency", nullable: true, doc: "upkeep per quarter of the level beyond the simpler one (content.level_upkeep x steps); NULL when not given"}
  - {name: rate_lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval of rate"}
  - {name: rate_upper, type: float64, unit: share, nullable: true, doc: "upper end of it"}
  - {name: rate_reference_lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval of rate_reference"}
  - {name: rate_reference_upper, type: float64, unit: share, nullable: true, doc: "upper end of it"}
---*/
