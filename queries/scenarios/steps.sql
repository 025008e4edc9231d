/*---
table: scenarios.steps
grain: [scenario_id, position]
doc: >-
  Steps of chains in their order, for entries that began in the audited window. Written by scenarios.Fit.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: step_id, type: string, doc: "step; a template or #k (k-th message of the entry) where messages do not say their step"}
  - {name: position, type: int64, unit: "1", doc: "place: of the definition, else by mean delay after the entry"}
  - {name: defined, type: bool, unit: "1", doc: "audit.yaml names it"}
  - {name: channel, type: string, nullable: true, doc: "channel of most of its messages; NULL when messages do not say their step"}
  - {name: not_sent, type: int64, unit: "messages", nullable: true, doc: "decided not to be sent"}
  - {name: not_sent_reason, type: string, nullable: true, doc: "the commonest reason of these"}
  - {name: source, type: string, doc: "step (messages say it), derived (template or place in the entry), definition (never sent)"}
  - {name: messages, type: int64, unit: "messages", doc: "sent"}
  - {name: entries, type: int64, unit: "entries", doc: "entries that got it"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers"}
  - {name: at_risk, type: int64, unit: "entries", doc: "entries that are over and began early enough for the whole chain to be over, which got the step before or a later one"}
  - {name: reached, type: int64, unit: "entries", doc: "of these, entries that got this step"}
  - {name: skipped, type: int64, unit: "entries", doc: "of at_risk, entries that got a later step, but not this one"}
  - {name: drop_off, type: float64, unit: "share", nullable: true, doc: "share of at_risk that did not get this step, whatever the reason; NULL for the first step of derived entries"}
  - {name: drop_off_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of drop_off"}
  - {name: drop_off_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of drop_off"}
  - {name: goal_stops, type: int64, unit: "entries", doc: "entries that stopped before the step after reaching a goal"}
  - {name: opt_out_stops, type: int64, unit: "entries", doc: "entries that stopped before the step after an opt-out"}
  - {name: unexplained, type: float64, unit: "share", nullable: true, doc: "drop-off of entries without goal and opt-out"}
  - {name: unexplained_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of unexplained"}
  - {name: unexplained_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of unexplained"}
  - {name: own_rate, type: float64, unit: "share", nullable: true, doc: "unexplained of the other steps of the chain; NULL when there is none"}
  - {name: chains_rate, type: float64, unit: "share", nullable: true, doc: "unexplained of the same place in other chains: their first step, or their later ones; NULL when there is none"}
  - {name: reference, type: string, doc: "the larger of the two, with which it is compared: other_steps, other_chains, none"}
  - {name: difference, type: float64, unit: "share points", nullable: true, doc: "unexplained minus that of the reference"}
  - {name: difference_lower, type: float64, unit: "share points", nullable: true, doc: "lower end of the 95 % interval of difference"}
  - {name: difference_upper, type: float64, unit: "share points", nullable: true, doc: "upper end of the 95 % interval of difference"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "p-value of the claim; NULL when it could not be tested"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "false-discovery rate at which the scenario is selected among all that were tested (Benjamini-Hochberg)"}
  - {name: verdict, type: string, doc: "yes (more customers are lost here than the reference explains), no (not), undecided, insufficient_data, or excluded (the first step of derived entries: it makes the entry)"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "customers that would decide; NULL when decided or when no number would do"}
  - {name: median_hours_since_previous, type: float64, unit: "hours", nullable: true, doc: "median time since the message before in the same entry; lower end of its bin"}
  - {name: hours_lower, type: float64, unit: "hours", nullable: true, doc: "lower end of its 95 % interval (bootstrap over buckets of customers)"}
  - {name: hours_upper, type: float64, unit: "hours", nullable: true, doc: "upper end"}
  - {name: click_rate, type: float64, unit: "share", nullable: true, doc: "messages clicked, not by robots only; NULL when the data never say"}
  - {name: customers_at_risk, type: int64, unit: customers, doc: "different customers of at_risk: n of the intervals"}
---*/
