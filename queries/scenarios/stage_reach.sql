/*---
table: scenarios.stage_reach
grain: [scenario_id, stage]
doc: >-
  Reach of every chain per life-cycle stage: of the customers who were in the stage in the audited window, who entered while in it. Written by scenarios.Fit.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: stage, type: string, doc: "stage in force on the day of the entry: the one of the end of the period before"}
  - {name: declared, type: bool, unit: "1", doc: "the definition names the stage"}
  - {name: eligible, type: int64, unit: "customers", doc: "customers who were in the stage"}
  - {name: entered, type: int64, unit: "customers", doc: "of these, customers who entered while in it"}
  - {name: entries, type: int64, unit: "entries", doc: "entries in the stage"}
  - {name: share_of_entries, type: float64, unit: "share", nullable: true, doc: "of all entries of the scenario with a known stage"}
  - {name: reach, type: float64, unit: "share", nullable: true, doc: "entered divided by eligible"}
  - {name: reach_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of reach"}
  - {name: reach_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of reach"}
---*/
