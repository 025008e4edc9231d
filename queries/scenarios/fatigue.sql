/*---
table: scenarios.fatigue
block: contact
grain: [outcome, term]
doc: >-
  How the response to a bulk message, the orders after it and the odds of an opt-out through it go with the bulk messages before it, and with a collision - another bulk message less than
  decision.collision_hours before - beside a message that came earlier in the same 7 days. Responses: two-way fixed effects of customer and week, change of the share per message. Orders and collisions: of customer and
  mailing (day, channel, scenario). Opt-outs: Mantel-Haenszel log odds within week, stage and tenth of engagement (collisions: mailing, stage, tenth of engagement and number of messages in 7 days), less the
  same five weeks earlier. Only bulk messages are looked at; customers who were hit are never compared with those who were not. Written by contact.Fit.
columns:
  - {name: outcome, type: string, doc: "open or click (the response), order (within 7 days; messages with 14 days of data after them), unsubscribe, complaint"}
  - {name: term, type: string, doc: "previous_7d (the slope that decides), previous_8_28d, next_7d (the placebo of the response; of orders what arrives while they are counted, held fixed), next_8_14d (the placebo of orders), next_8_9d (the other one: orders of the seventh day by the messages of days 8 and 9), previous_7d_calendar (customer effects only, clusters are weeks), previous_7d_low, _middle, _high (the slope among customers of a third of engagement before their first message here), previous_7d_high_less_low (the difference of two of them); log_odds (the difference that decides), log_odds_raw, log_odds_control; of a collision, at the same number of messages in 7 days: previous_collision_hours (decides), previous_collision_hours_5w (its control: a collision five weeks earlier), collision_log_odds (decides), collision_log_odds_raw, collision_log_odds_control"}
  - {name: value, type: float64, unit: "share per message, or log odds", nullable: true, doc: "estimate; NULL when it cannot be made"}
  - {name: lower, type: float64, unit: "same", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "same", nullable: true, doc: "upper end of the 95 % interval"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of no difference, for the terms that decide"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "of the family of outcomes (Benjamini and Hochberg)"}
  - {name: verdict, type: string, doc: "of the terms that decide: different, equivalent, inconclusive, insufficient_data; else empty"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "customers with which a verdict could be expected"}
  - {name: grade, type: string, doc: "C or D; empty for other terms"}
  - {name: margin, type: float64, unit: "same as value", doc: "smallest effect of interest"}
  - {name: customers, type: int64, unit: "customers", nullable: true, doc: "customers that a slope was estimated on, of collisions those with one; NULL for opt-outs"}
  - {name: messages, type: int64, unit: "messages", doc: "bulk messages; of collisions those that follow another closely"}
  - {name: events, type: int64, unit: "messages", doc: "responses, opt-outs or messages followed by an order among them"}
  - {name: baseline, type: float64, unit: "share", nullable: true, doc: "events / messages"}
  - {name: variation, type: float64, unit: "share", nullable: true, doc: "share of the variance of the pressure that is left within customer and week (orders: customer and mailing; collisions: customer, mailing and number of messages); below 0.05 nothing can be told"}
  - {name: high_from, type: int64, unit: "messages", nullable: true, doc: "for opt-outs: high pressure is from so many bulk messages in 7 days on"}
  - {name: strata, type: int64, unit: "1", nullable: true, doc: "for opt-outs: strata that say something"}
  - {name: note, type: string, doc: "not_identifiable, calendar_only, confounded, few_events, no_response, no_bulk, no_control, no_collisions (no bulk message follows another so closely), or empty"}
  - {name: equivalence_lower, type: float64, unit: "same as value", nullable: true, doc: "of the terms that decide: lower end of the 90 % interval; equivalent when it lies inside the margin"}
  - {name: equivalence_upper, type: float64, unit: "same as value", nullable: true, doc: "upper end of it"}
---*/
