/*---
table: scenarios.audit_effects
reads: [scenarios.fct_trial_units, scenarios.red_rct, scenarios.red_rct_arms, scenarios.red_tte]
doc: Every randomized customer and every unit of an emulated trial is counted once; a row is a scenario where the sums differ.
---*/
WITH units AS (
  SELECT sk, COUNT(*) AS n FROM scenarios.fct_trial_units GROUP BY sk
),
cells AS (
  SELECT sk, CAST(SUM(n) AS BIGINT) AS n FROM scenarios.red_tte GROUP BY sk
),
arms AS (
  SELECT sk, SUM(customers) AS n FROM scenarios.red_rct_arms GROUP BY sk
),
outcomes AS (
  SELECT sk, SUM(n) AS n FROM scenarios.red_rct WHERE outcome = 'order' GROUP BY sk
)
SELECT u.sk, u.n, c.n AS counted FROM units u LEFT JOIN cells c ON c.sk = u.sk WHERE c.n IS NULL OR c.n <> u.n
UNION ALL
SELECT a.sk, a.n, o.n FROM arms a LEFT JOIN outcomes o ON o.sk = a.sk WHERE o.n IS NULL OR o.n <> a.n
