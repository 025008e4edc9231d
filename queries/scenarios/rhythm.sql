/*---
table: scenarios.rhythm
grain: [scenario_id]
doc: >-
  Messages of every chain against the purchase rhythm of their receivers: u = days since the last order / own rhythm. Written by scenarios.Fit.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: messages, type: int64, unit: "messages", doc: "messages to customers with an order before"}
  - {name: own_share, type: float64, unit: "share", nullable: true, doc: "of these, to customers with a rhythm of their own (three gaps before the window); the others have the typical one"}
  - {name: early_share, type: float64, unit: "share", nullable: true, doc: "share of messages at u < 0.25"}
  - {name: early_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of early_share"}
  - {name: early_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of early_share"}
  - {name: best_from, type: float64, unit: "1", nullable: true, doc: "lower end of the window of u with the best click rate, chosen on all buckets"}
  - {name: best_to, type: float64, unit: "1", nullable: true, doc: "upper end; NULL for the open last window"}
  - {name: click_rate, type: float64, unit: "share", nullable: true, doc: "click rate of the messages"}
  - {name: gain, type: float64, unit: "share points", nullable: true, doc: "click rate in the best window minus that of all, within step x stage x own rhythm: window chosen on one half of the buckets, measured on the other, and swapped"}
  - {name: gain_lower, type: float64, unit: "share points", nullable: true, doc: "lower end of the 95 % interval of gain"}
  - {name: gain_upper, type: float64, unit: "share points", nullable: true, doc: "upper end of the 95 % interval of gain"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "p-value of the claim; NULL when it could not be tested"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "false-discovery rate at which the scenario is selected among all that were tested (Benjamini-Hochberg)"}
  - {name: verdict, type: string, doc: "yes (another time gets more clicks, or most messages come too early), no (not), undecided, insufficient_data, or excluded"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "customers that would decide; NULL when decided or when no number would do"}
  - {name: reason, type: string, doc: "best_window, too_early, both, or empty"}
---*/
