/*---
table: core.cfg_pipeline_stages
block: pipeline
grain: [stage]
doc: "What is known of the stages of deals before the data are seen: those of audit.yaml (pipeline.won, lost, stages), and usual names of won and lost stages for what it does not name."
columns:
  - {name: stage, type: string, doc: "name of the stage in lower case"}
  - {name: role, type: string, doc: "won, lost or open"}
  - {name: position, type: int64, unit: "1", nullable: true, doc: "place in pipeline.stages, from 1; NULL when it is not listed"}
  - {name: declared, type: bool, unit: "1", doc: "audit.yaml names it; else it is a usual name"}
---*/
