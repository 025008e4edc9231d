/*---
table: analytics.fct_experiment_caps
block: experiments
grain: [xk]
reads: [analytics.fct_experiment_orders, analytics.fct_experiment_units]
doc: How money of an experiment is counted. unit_minor keeps every value below 2^22, so that no sum of squares overflows.
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key"}
  - {name: unit_minor, type: int64, unit: "minor currency units", doc: "what one unit of money is"}
  - {name: cap, type: int64, unit: "minor currency units", nullable: true, doc: "99.9 % point of order value before the assignment over all arms, where winsorised values end; NULL when fewer than one in a thousand had orders before"}
---*/
WITH scales AS (
  SELECT xk, 1 + x_idiv(GREATEST(MAX(revenue_minor), MAX(before_minor), 0 - MIN(revenue_minor), 0 - MIN(before_minor)), 4194304) AS unit_minor
  FROM analytics.fct_experiment_orders
  GROUP BY xk
),
sizes AS (
  SELECT xk, x_idiv(COUNT(*), 1000) + 1 AS place FROM analytics.fct_experiment_units WHERE state <= 1 GROUP BY xk
),
placed AS (
  SELECT xk, before_minor, ROW_NUMBER() OVER (PARTITION BY xk ORDER BY before_minor DESC NULLS LAST) AS place
  FROM analytics.fct_experiment_orders
  WHERE before_minor > 0
),
caps AS (
  SELECT p.xk, MAX(p.before_minor) AS cap FROM placed p JOIN sizes s ON s.xk = p.xk AND p.place = s.place GROUP BY p.xk
)
SELECT s.xk, CAST(s.unit_minor AS BIGINT) AS unit_minor, c.cap
FROM scales s LEFT JOIN caps c ON c.xk = s.xk
