/*---
table: scenarios.rhythm_windows
grain: [scenario_id, u_from]
doc: >-
  Click rate of the messages of every chain by the place in the purchase rhythm. Written by scenarios.Fit.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: u_from, type: float64, unit: "1", doc: "lower end of the window of u = days since the last order / own rhythm"}
  - {name: u_to, type: float64, unit: "1", nullable: true, doc: "upper end; NULL for the last"}
  - {name: messages, type: int64, unit: "messages", doc: "messages"}
  - {name: clicked, type: int64, unit: "messages", doc: "clicked, not by robots only"}
  - {name: click_rate, type: float64, unit: "share", nullable: true, doc: "clicked divided by messages"}
  - {name: click_rate_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of click_rate"}
  - {name: click_rate_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of click_rate"}
  - {name: adjusted, type: float64, unit: "share points", nullable: true, doc: "click rate minus that of all messages, within step x stage x own rhythm"}
---*/
