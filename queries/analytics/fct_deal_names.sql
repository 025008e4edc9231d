/*---
table: analytics.fct_deal_names
block: pipeline
grain: [sk]
reads: [core.deals]
doc: Stages of deals with an integer key.
columns:
  - {name: sk, type: int64, unit: "1", doc: "stage key: rank of the name, from 1"}
  - {name: stage, type: string, doc: "stage of the pipeline"}
---*/
SELECT ROW_NUMBER() OVER (ORDER BY d.stage NULLS LAST) AS sk, d.stage
FROM (SELECT DISTINCT CAST(stage AS VARCHAR) AS stage FROM core.deals) d
