/*---
table: scenarios.fct_better_stages
block: effects
grain: [from_st, to_st]
reads: [lifecycle.red_stage_value, scenarios.fct_stages]
doc: >-
  Which stages are better than which: customers of the one order in the next period at least 1.1 times as often as customers of the other (lifecycle.red_stage_value, all
  ages and periods). The order of the rules says nothing about quality, and stages that order about equally often are neither better nor worse. Empty without orders.
columns:
  - {name: from_st, type: int64, unit: "1", doc: "stage key, scenarios.fct_stages.st"}
  - {name: to_st, type: int64, unit: "1", doc: "a better stage"}
---*/
WITH rates AS (
  SELECT s.st, SUM(v.buyers) AS buyers, SUM(v.customer_periods) AS n
  FROM lifecycle.red_stage_value v JOIN scenarios.fct_stages s ON s.stage = v.stage
  GROUP BY s.st
)
SELECT a.st AS from_st, b.st AS to_st
FROM rates a CROSS JOIN rates b
WHERE a.st <> b.st AND b.buyers > 0 AND 10 * b.buyers * a.n >= 11 * a.buyers * b.n
