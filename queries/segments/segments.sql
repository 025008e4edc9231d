/*---
table: segments.segments
grain: [segment_id]
doc: >-
  Every segment that is defined or has members: its size, how members move, whether it follows the life cycle and its own rule, who uses it. Counts are facts; a
  value with lower and upper is an estimate with its 95 % interval. NULL: cannot be said from these data (analytics.coverage). Written by segments.Fit.
columns:
  - {name: segment_id, type: string, doc: "segment"}
  - {name: name, type: string, doc: "name for people; empty when not given"}
  - {name: form, type: string, doc: "what its memberships tell of time: intervals (begins and ends), snapshots (dated lists: what happens between two of them is seen at the second), entries_only (no membership of any segment ends), current (a state without time), none (no members loaded)"}
  - {name: customers, type: int64, unit: "customers", doc: "members on the last audited day (fact)"}
  - {name: share, type: float64, unit: "share", nullable: true, doc: "of all customers known by then (fact)"}
  - {name: entries, type: int64, unit: "customers", nullable: true, doc: "customers who came in after the first complete period; who came twice counts twice (fact)"}
  - {name: leaves, type: int64, unit: "customers", nullable: true, doc: "customers who left before the last complete period (fact)"}
  - {name: median_days_in, type: float64, unit: "days", nullable: true, doc: "half of the memberships last at most so long (Kaplan-Meier, memberships still running are censored, those running since before the audit enter late); exact to 28 days, then to the week, from a year on to 28 days. NULL when half have not left by the longest time watched"}
  - {name: median_lower, type: float64, unit: "days", nullable: true, doc: "lower end; without a median: at least so long"}
  - {name: median_upper, type: float64, unit: "days", nullable: true, doc: "upper end; NULL when the data do not reach so far"}
  - {name: memberships_watched, type: int64, unit: "memberships", nullable: true, doc: "memberships behind it: begin known, watched for at least a day"}
  - {name: turnover_rate, type: float64, unit: "share", nullable: true, doc: "members of a period who are none any more one period later; 1 - it is the share that stays"}
  - {name: turnover_lower, type: float64, unit: "share", nullable: true, doc: "lower end"}
  - {name: turnover_upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: at_risk, type: int64, unit: "customer-periods", nullable: true, doc: "behind it: member and period with a complete successor"}
  - {name: stay_share, type: float64, unit: "share", nullable: true, doc: "members of a period who are still members four weeks on (one period on, where periods are as long)"}
  - {name: stay_lower, type: float64, unit: "share", nullable: true, doc: "lower end"}
  - {name: stay_upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: stuck_share, type: float64, unit: "share", nullable: true, doc: "the same of the members whose life-cycle stage changes from that period to the next: where membership follows the life cycle it is well below stay_share"}
  - {name: stuck_lower, type: float64, unit: "share", nullable: true, doc: "lower end"}
  - {name: stuck_upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: stage_changes, type: int64, unit: "customer-periods", nullable: true, doc: "changes of stage behind it"}
  - {name: stuck_p_value, type: float64, unit: "1", nullable: true, doc: "of stuck_share <= .9, one-sided"}
  - {name: stuck_q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over the segments with such a test"}
  - {name: stuck_verdict, type: string, doc: "static (nearly nobody leaves, lower end of stay_share above .99: a property, not a state), stuck (lower end above .9: membership does not follow the life cycle), moves (upper end below .9), undecided, insufficient_data, not_measurable"}
  - {name: stuck_needed, type: int64, unit: "customers", nullable: true, doc: "members with which an undecided answer could be expected, at the same rate of stage changes"}
  - {name: stale_share, type: float64, unit: "share", nullable: true, doc: "members at the end of the last complete period whom the segment's own rule does not take (fact)"}
  - {name: rule_members, type: int64, unit: "customers", nullable: true, doc: "members at that moment (fact)"}
  - {name: stale_verdict, type: string, doc: "stale (more than a tenth), fresh, no_rule, no_members"}
  - {name: order_rate, type: float64, unit: "share", nullable: true, doc: "members of the day outcome_days before the end who ordered since"}
  - {name: order_lower, type: float64, unit: "share", nullable: true, doc: "lower end"}
  - {name: order_upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: outcome_members, type: int64, unit: "customers", nullable: true, doc: "members on that day"}
  - {name: outcome_days, type: int64, unit: "days", nullable: true, doc: "56, or what the audited period has"}
  - {name: mde_relative, type: float64, unit: "1", nullable: true, doc: "smallest relative change of the order rate that a test of half against half of today's members finds with 80 % power: 2.80 sqrt(2 p (1-p) / (customers/2)) / p, p shrunk to the base with the weight of ten customers"}
  - {name: members_needed, type: int64, unit: "customers", nullable: true, doc: "members with which it would be .30"}
  - {name: stage_gain, type: float64, unit: "1", nullable: true, doc: "of what is open about who orders, the part that the stage tells within the segment: I(stage; order | member) / H(order | member), bias-corrected"}
  - {name: stage_gain_lower, type: float64, unit: "1", nullable: true, doc: "lower end"}
  - {name: stage_gain_upper, type: float64, unit: "1", nullable: true, doc: "upper end"}
  - {name: size_verdict, type: string, doc: "empty, everybody (at least 99 % of the base), too_small (mde_relative > .30), too_large (over 40 % of the base and stage_gain surely over .01), undecided (large, the gain is not sure), fits, not_measurable (nobody, or everybody, ordered)"}
  - {name: used_by, type: string, doc: "scenarios that audit.yaml says use it, comma-separated"}
  - {name: use_verdict, type: string, doc: "used, silent (only by scenarios that do nothing in the data), unused (others are used, this one is not), unknown (audit.yaml says of no segment who uses it)"}
  - {name: verdict, type: string, doc: "the first of: empty, everybody, stale, static or stuck, too_small, too_large, unused, undecided, fine"}
---*/
