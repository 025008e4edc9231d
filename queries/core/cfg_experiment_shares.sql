/*---
table: core.cfg_experiment_shares
block: experiments
grain: [experiment_id, arm]
doc: "Planned split of an experiment over its arms (shares in audit.yaml). Customers of arms that are not named here stay out."
columns:
  - {name: experiment_id, type: string, doc: "experiment"}
  - {name: arm, type: string, doc: "arm"}
  - {name: share, type: float64, unit: share, doc: "planned share; the shares need not add up to 1"}
---*/
