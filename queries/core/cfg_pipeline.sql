/*---
table: core.cfg_pipeline
block: pipeline
grain: [idle_days]
doc: "Settings of the pipeline, one row. Written from audit.yaml (pipeline)."
columns:
  - {name: idle_days, type: int64, unit: days, doc: "an open deal that has not moved for longer than this is idle"}
  - {name: horizon_days, type: int64, unit: days, doc: "chances of a move and of winning are within so many days after the entry"}
  - {name: by_task, type: bool, unit: "1", doc: "a task of the deal that is done counts as first response"}
  - {name: by_call, type: bool, unit: "1", doc: "a call to the customer counts as first response"}
  - {name: by_message, type: bool, unit: "1", doc: "a message to the customer that is not bulk counts as first response"}
  - {name: by_move, type: bool, unit: "1", doc: "a move of the deal to another stage counts as first response"}
---*/
