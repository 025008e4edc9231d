/*---
table: core.cfg_experiment_outcomes
block: experiments
grain: [experiment_id, outcome]
doc: "Outcomes that audit.yaml names for an experiment."
columns:
  - {name: experiment_id, type: string, doc: "experiment"}
  - {name: position, type: int64, unit: "1", doc: "place in audit.yaml, 1 = first: the one that decides"}
  - {name: outcome, type: string, doc: "an event name, order, orders or revenue"}
---*/
