/*---
table: core.cfg_experiments
block: experiments
grain: [experiment_id]
doc: "Experiments that audit.yaml names; without rows every experiment of core.assignments is estimated."
columns:
  - {name: position, type: int64, unit: "1", doc: "place in audit.yaml, 1 = first"}
  - {name: experiment_id, type: string, doc: "experiment"}
  - {name: reference, type: string, nullable: true, doc: "arm to compare with; NULL: the one called control, holdout or reference"}
  - {name: within_days, type: int64, unit: days, doc: "outcomes count so many days after the assignment"}
  - {name: all_outcomes, type: bool, unit: "1", doc: "no outcomes are named: every event name, order and revenue"}
---*/
