/*---
table: scenarios.pairs
block: overlap
grain: [scenario_a, scenario_b]
doc: >-
  Every pair of scenarios that shares a customer in the audited time: are they active at once more than who they may reach explains, do their messages collide
  more than their hours of sending explain, which goes first. Time at once is a fact of all the audited time. What is
  compared with the expected is the part of it in which the customer's stage is known, from the first complete life-cycle step on: compared_days. A calendar campaign has no expected overlap. Written by scenarios/overlap.Fit.
columns:
  - {name: scenario_a, type: string, doc: "the scenario whose id is first in the order of bytes"}
  - {name: scenario_b, type: string, doc: "the other"}
  - {name: customers_a, type: int64, unit: "customers", doc: "customers in a (fact)"}
  - {name: customers_b, type: int64, unit: "customers", doc: "customers in b (fact)"}
  - {name: customers_both, type: int64, unit: "customers", doc: "customers in both, at once or not (fact)"}
  - {name: customers_at_once, type: int64, unit: "customers", doc: "customers in both at once (fact)"}
  - {name: overlap_days, type: float64, unit: "customer-days", doc: "time in both at once (fact)"}
  - {name: compared_days, type: float64, unit: "customer-days", doc: "of it the time with a known stage (fact)"}
  - {name: expected_days, type: float64, unit: "customer-days", nullable: true, doc: "compared_days if the two were independent within stage x calendar step x left channels; NULL for a calendar campaign, and where no stage is known"}
  - {name: ratio, type: float64, unit: "ratio", nullable: true, doc: "compared_days / expected_days"}
  - {name: lower, type: float64, unit: "ratio", nullable: true, doc: "lower end of the 95 % interval of ratio: jackknife on the log, or Poisson on customers where few are in both at once"}
  - {name: upper, type: float64, unit: "ratio", nullable: true, doc: "upper end of it"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of ratio = 1; NULL below the floors"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over all pairs"}
  - {name: q_any, type: float64, unit: "1", nullable: true, doc: "Benjamini-Yekutieli: holds under any dependence between the pairs"}
  - {name: overlap_verdict, type: string, doc: "above, below, equivalent, inconclusive or insufficient_data against 1, within 10 % of it counting as equal"}
  - {name: method, type: string, doc: "how the interval was made; empty without one"}
  - {name: jaccard, type: float64, unit: "share", nullable: true, doc: "overlap / (time in a + time in b - overlap)"}
  - {name: containment, type: float64, unit: "share", nullable: true, doc: "overlap / time in the scenario with less of it"}
  - {name: role_a, type: string, doc: "declared role of a; empty when none"}
  - {name: role_b, type: string, doc: "declared role of b"}
  - {name: contradictory, type: bool, unit: "1", doc: "the roles contradict each other: a customer cannot need both at once"}
  - {name: hand_over, type: string, doc: "declared a->b or b->a (next), observed a->b or b->a (most customers in both come from one to the other), or empty"}
  - {name: a_then_b, type: int64, unit: "customers", doc: "customers who entered b within handover_days after they left a (fact)"}
  - {name: b_then_a, type: int64, unit: "customers", doc: "the other way round (fact)"}
  - {name: collisions, type: int64, unit: "pairs of messages", doc: "two messages to one customer closer than collision_hours (fact); listed in scenarios.fct_collisions"}
  - {name: customers_hit, type: int64, unit: "customers", doc: "customers with a collision (fact)"}
  - {name: collisions_per_1000, type: float64, unit: "per 1,000 customer-weeks", nullable: true, doc: "collisions per 1,000 customer-weeks of the audited time (fact)"}
  - {name: week_pairs, type: int64, unit: "pairs of messages", doc: "messages of both to one customer in one week"}
  - {name: week_collisions, type: int64, unit: "pairs of messages", nullable: true, doc: "of them closer than collision_hours; NULL when too few to be counted by bucket"}
  - {name: expected_collisions, type: float64, unit: "pairs of messages", nullable: true, doc: "week_collisions if the hours of sending of the two were not coordinated: from messages to different customers in the same calendar step"}
  - {name: collision_ratio, type: float64, unit: "ratio", nullable: true, doc: "week_collisions / expected_collisions: above 1 a common trigger, below 1 they give way to each other"}
  - {name: collision_lower, type: float64, unit: "ratio", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: collision_upper, type: float64, unit: "ratio", nullable: true, doc: "upper end of it"}
  - {name: collision_p, type: float64, unit: "1", nullable: true, doc: "of collision_ratio = 1"}
  - {name: collision_q, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over all pairs"}
  - {name: collision_verdict, type: string, doc: "above, below, equivalent, inconclusive or insufficient_data"}
  - {name: a_first, type: float64, unit: "share", nullable: true, doc: "share of collisions in which a went first, same seconds left out"}
  - {name: a_first_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: a_first_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: order_verdict, type: string, doc: "a_first or b_first (in more than nine of ten), no_rule (proved: within .4 to .6), mixed (between), undecided, insufficient_data"}
  - {name: priority_a, type: int64, unit: "1", nullable: true, doc: "declared priority of a"}
  - {name: priority_b, type: int64, unit: "1", nullable: true, doc: "declared priority of b"}
  - {name: ranked_collisions, type: int64, unit: "pairs of messages", doc: "collisions of different known priority, of the definitions or else of the messages"}
  - {name: priority_inversions, type: int64, unit: "pairs of messages", nullable: true, doc: "of them those in which the lower priority went first; NULL when no priorities are known"}
  - {name: inversion_share, type: float64, unit: "share", nullable: true, doc: "priority_inversions / ranked_collisions"}
  - {name: inversion_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: inversion_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: verdict, type: string, doc: "conflict, complement, none or undecided"}
  - {name: reason, type: string, doc: "what decided: contradictory_roles, overlap_above, collisions_above (comma-separated), hand_over, apart, service, independent, or what is missing: few_customers, no_stage, wide_interval, no_messages"}
  - {name: needed_customers, type: int64, unit: "customers", nullable: true, doc: "customers in both at once (for a calendar campaign: with messages of both in one week) at which an undecided pair could be decided; NULL when decided"}
  - {name: collision_share, type: float64, unit: share, nullable: true, doc: "week_collisions / week_pairs"}
  - {name: collision_share_lower, type: float64, unit: share, nullable: true, doc: "lower end of its 95 % interval, over customers"}
  - {name: collision_share_upper, type: float64, unit: share, nullable: true, doc: "upper end of it"}
  - {name: lost_messages, type: int64, unit: "messages", nullable: true, doc: "inversions in which the higher one was lost: messages of the more important of the two not sent, though they could have gone, less than collision_hours from one of the other that was sent (fact); scenarios.lost_messages says which; NULL when the exports hold no decisions against sending"}
---*/
