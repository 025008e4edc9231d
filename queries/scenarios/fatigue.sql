/*---
table: scenarios.fatigue
block: contact
grain: [outcome, term]
doc: >-
  How the response to a bulk message and the odds of an opt-out through it go with the bulk messages before it. Responses: two-way fixed effects of customer and
  week, change of the share per message. Opt-outs: Mantel-Haenszel log odds within week, stage and tenth of engagement, less the same for the pressure five
  weeks earlier. Written by contact.Fit.
columns:
  - {name: outcome, type: string, doc: "open or click (the response), unsubscribe, complaint"}
  - {name: term, type: string, doc: "previous_7d (the slope that decides), previous_8_28d, next_7d (placebo), previous_7d_calendar (customer effects only, clusters are weeks), previous_7d_low, _middle, _high (the slope among customers of a third of engagement before their first message here), previous_7d_high_less_low (the difference of two of them); log_odds (the difference that decides), log_odds_raw, log_odds_control"}
  - {name: value, type: float64, unit: "share per message, or log odds", nullable: true, doc: "estimate; NULL when it cannot be made"}
  - {name: lower, type: float64, unit: "same", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "same", nullable: true, doc: "upper end of the 95 % interval"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of no difference, for the terms that decide"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "of the family of outcomes (Benjamini and Hochberg)"}
  - {name: verdict, type: string, doc: "of the terms that decide: different, equivalent, inconclusive, insufficient_data; else empty"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "customers with which a verdict could be expected"}
  - {name: grade, type: string, doc: "C or D; empty for other terms"}
  - {name: margin, type: float64, unit: "same as value", doc: "smallest effect of interest"}
  - {name: customers, type: int64, unit: "customers", nullable: true, doc: "customers that a slope was estimated on; NULL for opt-outs"}
  - {name: messages, type: int64, unit: "messages", doc: "bulk messages"}
  - {name: events, type: int64, unit: "messages", doc: "responses or opt-outs among them"}
  - {name: baseline, type: float64, unit: "share", nullable: true, doc: "events / messages"}
  - {name: variation, type: float64, unit: "share", nullable: true, doc: "share of the variance of the pressure that is left within customer and week; below 0.05 nothing can be told"}
  - {name: high_from, type: int64, unit: "messages", nullable: true, doc: "for opt-outs: high pressure is from so many bulk messages in 7 days on"}
  - {name: strata, type: int64, unit: "1", nullable: true, doc: "for opt-outs: strata that say something"}
  - {name: note, type: string, doc: "not_identifiable, calendar_only, confounded, few_events, no_response, no_bulk, or empty"}
---*/
