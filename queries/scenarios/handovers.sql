/*---
table: scenarios.handovers
grain: [from_scenario, to_scenario]
doc: >-
  Which chain customers enter within the hand-over days of leaving another, observed or declared by next. An exit counts for every chain entered. Written by scenarios.Fit.
columns:
  - {name: from_scenario, type: string, doc: "scenario left"}
  - {name: to_scenario, type: string, doc: "scenario entered; empty: any, and the share is that of exits that any chain follows"}
  - {name: declared, type: bool, unit: "1", doc: "the definition names it as next"}
  - {name: exits, type: int64, unit: "exits", doc: "exits whose hand-over days are loaded in full"}
  - {name: followed, type: int64, unit: "exits", doc: "exits after which the customer entered"}
  - {name: first, type: int64, unit: "exits", doc: "of these, as the first chain after the exit"}
  - {name: share, type: float64, unit: "share", nullable: true, doc: "followed divided by exits"}
  - {name: share_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of share"}
  - {name: share_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of share"}
---*/
