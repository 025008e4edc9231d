/*---
table: scenarios.fct_trial_looks
block: effects
grain: [sk, ck, treated]
reads: [scenarios.fct_trial_units]
doc: >-
  The sample by which the audience of a scenario is told from the others, before any outcome is looked at: one unit of a customer in each arm, by a fixed rule, so that customers are independent; about 100,000 entrants and
  as many comparators over all scenarios together.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: treated, type: int64, unit: "1", doc: "1 entered at time zero"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "time zero"}
  - {name: k, type: int64, unit: "1", doc: "stage, recency, tenure and orders of the unit's cell in one number"}
---*/
WITH sizes AS (
  SELECT sk, treated, COUNT(DISTINCT ck) AS n FROM scenarios.fct_trial_units GROUP BY sk, treated
),
tried AS (
  SELECT COUNT(DISTINCT sk) AS scenarios FROM sizes
),
rates AS (
  SELECT z.sk, z.treated, 1 + x_idiv(z.n * t.scenarios, 100000) AS every FROM sizes z CROSS JOIN tried t
),
sampled AS (
  SELECT u.sk, u.ck, u.treated, u.day, u.cell, (u.ck + u.day) * 2246822519 AS mixed
  FROM scenarios.fct_trial_units u JOIN rates r ON r.sk = u.sk AND r.treated = u.treated
  WHERE u.ck * 2869860233 - 4294967296 * x_idiv(u.ck * 2869860233, 4294967296) < x_idiv(4294967296, r.every)
),
ranked AS (
  SELECT sk, ck, treated, day, cell,
    ROW_NUMBER() OVER (PARTITION BY sk, ck, treated ORDER BY mixed - 4294967296 * x_idiv(mixed, 4294967296) NULLS LAST, day NULLS LAST) AS place
  FROM sampled
)
SELECT sk, ck, CASE WHEN treated THEN 1 ELSE 0 END AS treated, day,
  CAST(x_idiv(cell, 144) - 312 * x_idiv(cell, 44928) + 312 * (x_idiv(cell, 134784) - 256 * x_idiv(cell, 34504704)) AS INTEGER) AS k
FROM ranked WHERE place = 1
