/*---
table: scenarios.duplicates
block: duplicates
grain: [scenario_a, scenario_b]
doc: >-
  Pairs of scenarios that may be the same: those that share a good part of their person-time, and those of the same timing and content. What is not here is different.
  Four similarities, each 0 to 1, and the verdict on them. Written by scenarios/duplicates.
columns:
  - {name: scenario_a, type: string, doc: "first scenario, by id"}
  - {name: scenario_b, type: string, doc: "second scenario"}
  - {name: customers_a, type: int64, unit: "customers", doc: "with active time in the first within the audited window"}
  - {name: customers_b, type: int64, unit: "customers", doc: "the same of the second"}
  - {name: customers_both, type: int64, unit: "customers", doc: "who were in both at the same time"}
  - {name: audience, type: float64, unit: "1", nullable: true, doc: "A: shared person-time, of all person-time of the two (Jaccard)"}
  - {name: audience_lower, type: float64, unit: "1", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: audience_upper, type: float64, unit: "1", nullable: true, doc: "upper end"}
  - {name: containment, type: float64, unit: "1", nullable: true, doc: "shared person-time, of the smaller one's"}
  - {name: containment_lower, type: float64, unit: "1", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: containment_upper, type: float64, unit: "1", nullable: true, doc: "upper end"}
  - {name: smaller, type: string, doc: "the scenario with less person-time"}
  - {name: timing, type: float64, unit: "1", nullable: true, doc: "T: mean of timing_delay and timing_sequence; NULL when messages are missing"}
  - {name: timing_delay, type: float64, unit: "1", nullable: true, doc: "1 - distance (W1) of the delays from entry to message in weeks, not below 0; without recorded entries from the first message; of calendar campaigns from message to message"}
  - {name: timing_sequence, type: float64, unit: "1", nullable: true, doc: "1 - edit distance of the steps (channel and delay) / steps of the longer one"}
  - {name: content, type: float64, unit: "1", nullable: true, doc: "C: mean over the best aligned steps; a step without a counterpart counts 0; NULL when templates are missing"}
  - {name: content_source, type: string, doc: "what it rests on: text, hash, template (ids only) or unknown"}
  - {name: logic, type: float64, unit: "1", nullable: true, doc: "L: entry rules in common; NULL when nothing is known"}
  - {name: logic_source, type: string, doc: "definition (trigger, goal, stages, channels), trigger (as recorded), entries (within 24 h), time (shared person-time of calendar campaigns) or unknown"}
  - {name: similarity, type: float64, unit: "1", nullable: true, doc: "(A T C L)^(1/4); NULL when a part is missing"}
  - {name: verdict, type: string, doc: "duplicate, subset, same_logic (other audience), collision (same audience and timing, other content), different or undecided"}
  - {name: reason, type: string, doc: "which part decided, or what is missing: all, audience, timing, content, logic, few_customers, timing_unknown, content_unknown (no templates, or different ids without texts and hashes), logic_unknown"}
  - {name: needed_customers, type: int64, unit: "customers", nullable: true, doc: "of the smaller one that would decide; NULL when decided or not a matter of numbers"}
  - {name: response, type: string, nullable: true, doc: "do customers respond alike: equal (TOST on all measures), different, inconclusive, insufficient_data; NULL when the scenarios are different"}
  - {name: response_needed, type: int64, unit: "customers", nullable: true, doc: "of the smaller one that would decide it"}
  - {name: p_equivalence, type: float64, unit: "1", nullable: true, doc: "the largest TOST p-value of the measures"}
  - {name: q_equivalence, type: float64, unit: "1", nullable: true, doc: "the same after Benjamini-Hochberg over the pairs that are not different"}
  - {name: click_a, type: float64, unit: "1", nullable: true, doc: "clicked within 7 days, of messages"}
  - {name: click_b, type: float64, unit: "1", nullable: true, doc: "the same of the second"}
  - {name: click_difference, type: float64, unit: "1", nullable: true, doc: "first minus second"}
  - {name: click_lower, type: float64, unit: "1", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: click_upper, type: float64, unit: "1", nullable: true, doc: "upper end"}
  - {name: goal, type: string, nullable: true, doc: "what is compared: the goal of both, else order; NULL when their goals are not the same"}
  - {name: goal_days, type: int64, unit: "days", nullable: true, doc: "within which it counts"}
  - {name: goal_a, type: float64, unit: "1", nullable: true, doc: "entries that reach it"}
  - {name: goal_b, type: float64, unit: "1", nullable: true, doc: "the same of the second"}
  - {name: goal_difference, type: float64, unit: "1", nullable: true, doc: "first minus second"}
  - {name: goal_lower, type: float64, unit: "1", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: goal_upper, type: float64, unit: "1", nullable: true, doc: "upper end"}
  - {name: steps_a, type: int64, unit: "1", doc: "steps of the first"}
  - {name: steps_b, type: int64, unit: "1", doc: "steps of the second"}
  - {name: messages_a, type: int64, unit: "messages", doc: "sent by the first within the audited window"}
  - {name: messages_b, type: int64, unit: "messages", doc: "sent by the second"}
  - {name: group_id, type: int64, unit: "1", nullable: true, doc: "scenarios.duplicate_groups; NULL when in none"}
  - {name: threshold_audience, type: float64, unit: "1", doc: "audience of a duplicate at least (decision.duplicates)"}
  - {name: threshold_audience_lower, type: float64, unit: "1", doc: "audience_lower of a duplicate at least (decision.duplicates)"}
  - {name: threshold_other_audience, type: float64, unit: "1", doc: "audience of another audience below (decision.duplicates)"}
  - {name: threshold_containment, type: float64, unit: "1", doc: "containment of a subset at least (decision.duplicates)"}
  - {name: threshold_timing, type: float64, unit: "1", doc: "same timing at least (decision.duplicates)"}
  - {name: threshold_content, type: float64, unit: "1", doc: "same content at least (decision.duplicates)"}
  - {name: threshold_logic, type: float64, unit: "1", doc: "same logic at least (decision.duplicates)"}
  - {name: messages_a_quarter, type: float64, unit: "messages per quarter", doc: "messages of scenario_a in 91 days"}
  - {name: messages_b_quarter, type: float64, unit: "messages per quarter", doc: "messages of scenario_b in 91 days"}
  - {name: cost_quarter, type: float64, unit: "money per quarter", nullable: true, doc: "cost of the messages of both, by money.message_cost; NULL when not given"}
  - {name: saved_quarter, type: float64, unit: "money per quarter", nullable: true, doc: "of it, messages of the one that the group does not keep to customers whom the other one reaches anyway; NULL without a cost and where neither is kept"}
  - {name: saved_lower, type: float64, unit: "money per quarter", nullable: true, doc: "lower end of its interval at decision.level, over customers"}
  - {name: saved_upper, type: float64, unit: "money per quarter", nullable: true, doc: "upper end of it"}
---*/
