/*---
table: analytics.red_pipeline_stages
block: pipeline
grain: [sk]
reads: [analytics.fct_pipeline_stages]
doc: The stages of the pipeline in order.
max_rows: 10000
columns:
  - {name: sk, type: int64, unit: "1", doc: "stage key"}
  - {name: stage, type: string, doc: "name"}
  - {name: role, type: string, doc: "won, lost or open"}
  - {name: role_from, type: string, doc: "config, name, outcome or default"}
  - {name: position, type: int64, unit: "1", doc: "place in the pipeline, from 1"}
  - {name: listed, type: bool, unit: "1", doc: "audit.yaml gives its place"}
---*/
SELECT sk, stage, role, role_from, position, listed FROM analytics.fct_pipeline_stages
