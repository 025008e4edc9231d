/*---
table: scenarios.dead_ends
grain: [scenario_id]
doc: >-
  What follows the exits of every chain, as competing risks, against customers who left other chains in the same life-cycle stage. Written by scenarios.Fit.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: structural, type: bool, unit: "1", nullable: true, doc: "the definition has neither next nor goal; NULL without a definition"}
  - {name: exits, type: int64, unit: "exits", doc: "exits in the audited window"}
  - {name: achieved, type: int64, unit: "exits", doc: "of these, with a goal reached by the exit: not at risk"}
  - {name: opted_out, type: int64, unit: "exits", doc: "opted out by the exit: not at risk"}
  - {name: at_risk, type: int64, unit: "exits", doc: "exits without a goal or an opt-out by then, followed for at least a day"}
  - {name: horizon_days, type: int64, unit: "days", doc: "hand-over days"}
  - {name: nothing, type: float64, unit: "share", nullable: true, doc: "S(horizon): share of at_risk that nothing follows within the horizon"}
  - {name: nothing_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of nothing"}
  - {name: nothing_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of nothing"}
  - {name: next_share, type: float64, unit: "share", nullable: true, doc: "share whose first is another chain (Aalen-Johansen)"}
  - {name: message_share, type: float64, unit: "share", nullable: true, doc: "share whose first is a targeted message of another scenario"}
  - {name: goal_share, type: float64, unit: "share", nullable: true, doc: "share whose first is a goal"}
  - {name: opt_out_share, type: float64, unit: "share", nullable: true, doc: "share whose first is an opt-out"}
  - {name: others, type: float64, unit: "share", nullable: true, doc: "S(horizon) of customers who left other chains, weighted to the stages of this one"}
  - {name: difference, type: float64, unit: "share points", nullable: true, doc: "nothing minus others, over the stages that both have"}
  - {name: difference_lower, type: float64, unit: "share points", nullable: true, doc: "lower end of the 95 % interval of difference"}
  - {name: difference_upper, type: float64, unit: "share points", nullable: true, doc: "upper end of the 95 % interval of difference"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "p-value of the claim; NULL when it could not be tested"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "false-discovery rate at which the scenario is selected among all that were tested (Benjamini-Hochberg)"}
  - {name: verdict, type: string, doc: "yes (more than half are left alone, and more than after other chains), no (not), undecided, insufficient_data, or excluded"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "customers that would decide; NULL when decided or when no number would do"}
  - {name: note, type: string, doc: "why it is excluded or not compared; empty otherwise"}
---*/
