/*---
table: scenarios.effect_reasons
block: effects
grain: [scenario_id, reason]
doc: >-
  Why the comparators of the emulated trials did not enter: units (a customer at a time zero) by the first reason that the data show, scenarios.fct_trial_reasons. A reason that goes with the outcome by itself would pass for
  an effect, so its units are left out of both arms (excluded). Written by scenarios/effects.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: reason, type: string, doc: "hard_bounce (the last message before), withheld (messages decided against in the 28 days before, none sent), at_cap (the cap of a week was reached), not_sent (the scenario's own message was decided against), idle (nobody entered within 3 days), entered_later (within the outcome window), unknown"}
  - {name: units_control, type: int64, unit: "units", doc: "comparators with the reason"}
  - {name: share_control, type: float64, unit: "share", nullable: true, doc: "of all comparators"}
  - {name: units_treated, type: int64, unit: "units", nullable: true, doc: "entrants of whom the same is true; NULL where it is asked of comparators only"}
  - {name: share_treated, type: float64, unit: "share", nullable: true, doc: "of all entrants"}
  - {name: ordered, type: float64, unit: "share", nullable: true, doc: "of the comparators with the reason, with an order in the outcome window; a count, no interval"}
  - {name: difference, type: float64, unit: "share", nullable: true, doc: "ordered less that of comparators in the same cells for whom nothing is known or who entered later; NULL for these two, and below 30 units"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval, bucket jackknife"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of no difference, two-sided"}
  - {name: excluded, type: bool, unit: "1", doc: "hard_bounce (the last message before), withheld or at_cap with p_value below .05: its units are in neither arm"}
---*/
