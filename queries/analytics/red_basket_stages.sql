/*---
table: analytics.red_basket_stages
block: bundles
grain: [st]
reads: [scenarios.fct_stages]
doc: Names of the life-cycle stages in the cells of analytics.red_sequence_orders.
max_rows: 1000
columns:
  - {name: st, type: int64, unit: "1", doc: "stage key"}
  - {name: stage, type: string, doc: "stage"}
---*/
SELECT st, stage
FROM scenarios.fct_stages
