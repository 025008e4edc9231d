/*---
table: scenarios.fct_stages
grain: [st]
reads: [core.cfg_stages, lifecycle.fct_stage_runs]
doc: The life-cycle stages that customers were in or that have a rule, with a small integer key. Without orders, activity or recorded stages there may be one.
columns:
  - {name: st, type: int64, unit: "1", doc: "stage key: rank of stage, dense from 1"}
  - {name: stage, type: string, doc: "stage"}
  - {name: position, type: int64, unit: "1", nullable: true, doc: "place of its rule in audit.yaml, 1 = first; NULL without one"}
---*/
WITH parts AS (
  SELECT CAST(stage AS VARCHAR) AS stage, position
  FROM core.cfg_stages
  UNION ALL
  SELECT CAST(stage AS VARCHAR), CAST(NULL AS BIGINT)
  FROM lifecycle.fct_stage_runs
  GROUP BY stage
),
stages AS (
  SELECT stage, MIN(position) AS position
  FROM parts
  GROUP BY stage
)
SELECT CAST(ROW_NUMBER() OVER (ORDER BY stage NULLS LAST) AS INTEGER) AS st, stage, position
FROM stages
