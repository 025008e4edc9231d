/*---
table: analytics.pipeline_transitions
block: pipeline
grain: [from_stage, to_stage]
doc: >-
  Moves of deals between stages: what was counted in the audited period, and the chance of the move within a horizon, with open deals censored and the other moves competing (Aalen-Johansen). Stays that were under way when the period began are at risk from the age that they had. Written by pipeline.Fit.
columns:
  - {name: from_stage, type: string, doc: "stage of the stay"}
  - {name: to_stage, type: string, doc: "stage after it; (won) and (lost) where only the outcome of the deal says that it was closed"}
  - {name: n, type: int64, unit: "moves", doc: "moves in the period"}
  - {name: at_risk, type: int64, unit: "stays", doc: "stays in from_stage that were under way in the period"}
  - {name: probability, type: float64, unit: "share", nullable: true, doc: "chance of this move, before any other, within horizon_days of the entry; NULL when too few stays are followed"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of probability"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: median_days, type: float64, unit: "days", nullable: true, doc: "half of the moves that are made within the horizon are made within so many days of the entry"}
  - {name: raw_share, type: float64, unit: "share", nullable: true, doc: "n over at_risk, whatever time it took: too low while stays are open; beside probability to show it"}
  - {name: horizon_days, type: int64, unit: "days", nullable: true, doc: "horizon of probability: that of audit.yaml, or the longest age up to which at least 10 stays are at risk; NULL without one"}
  - {name: direction, type: string, doc: "forward, skip (over an open stage), backward, won, lost, reopened (from a won or lost stage) or closed (between won and lost)"}
  - {name: from_position, type: int64, unit: "1", doc: "place of from_stage"}
  - {name: to_position, type: int64, unit: "1", doc: "place of to_stage"}
  - {name: amount, type: float64, unit: "currency units", nullable: true, doc: "amounts of the deals that moved"}
  - {name: value_gap, type: float64, unit: "currency units or won deals", nullable: true, doc: "of a move to a lost stage or back: expected amount won of a deal in from_stage less that of one in to_stage"}
  - {name: loss, type: float64, unit: "currency units or won deals", nullable: true, doc: "value_gap times the moves of a quarter; its sum over moves is no total, a deal can move more than once"}
  - {name: loss_lower, type: float64, unit: "currency units or won deals", nullable: true, doc: "lower end of the 95 % interval of loss"}
  - {name: loss_upper, type: float64, unit: "currency units or won deals", nullable: true, doc: "upper end of it"}
  - {name: unit, type: string, doc: "unit of value_gap and loss: the currency, or deals where deals have no amount"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "test that the chance of this loss is that of the other open stages that lose deals in this way; NULL for other moves"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over the moves to lost stages"}
  - {name: verdict, type: string, doc: "of a move to a lost stage: different (from the chance of those stages), equivalent, inconclusive, insufficient_data; empty for others"}
---*/
