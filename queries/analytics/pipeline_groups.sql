/*---
table: analytics.pipeline_groups
block: pipeline
grain: [grouping, group_value, metric]
doc: >-
  Owners and sources compared: each against the middle of all others. Not a league table: who is not told apart from the others has no place in it. Written by pipeline.Fit.
columns:
  - {name: grouping, type: string, doc: "owner or source"}
  - {name: group_value, type: string, doc: "owner or source; empty when not known"}
  - {name: metric, type: string, doc: "won_share (chance of being won within the horizon), idle_share (idle of active deals), on_time_share (tasks due in the period done by then)"}
  - {name: n, type: int64, unit: "deals or tasks", doc: "deals or tasks behind it"}
  - {name: events, type: int64, unit: "deals or tasks", doc: "of them won, idle or done in time"}
  - {name: value, type: float64, unit: "share", nullable: true, doc: "as observed"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of value"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: shrunk, type: float64, unit: "share", nullable: true, doc: "pulled to the mean of all (empirical Bayes): what to expect of the next deals"}
  - {name: shrunk_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of shrunk"}
  - {name: shrunk_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: reference, type: float64, unit: "share", nullable: true, doc: "middle of all groups: their median weighted by what is known of each"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "test of no difference from the others; NULL below the floors"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over the groups of this metric and grouping"}
  - {name: verdict, type: string, doc: "higher, lower (than the others, q at most decision.fdr and the shrunk interval beside the reference), same (cannot be told apart), few (too few to say)"}
---*/
