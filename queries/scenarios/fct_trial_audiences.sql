/*---
table: scenarios.fct_trial_audiences
block: effects
grain: [sk]
reads: [scenarios.fct_trial_groups, scenarios.fct_trial_looks, scenarios.fct_trial_traits]
doc: >-
  The group that tells most about who enters, where one does: entrants and comparators of the same stage, recency, tenure and orders differ in it by more than a quarter of a standard deviation and by more than four
  standard errors. Membership that is known as of the export only counts when nine entrants in ten are on one side. The group is in the cells of red_tte. Outcomes play no part.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: gk, type: int64, unit: "1", doc: "group key"}
  - {name: inside, type: bool, unit: "1", doc: "entrants are in the group more often than comparators; else less often"}
  - {name: narrow, type: bool, unit: "1", doc: "nine entrants in ten are on that side: it is the audience of the scenario"}
---*/
WITH base AS (
  SELECT sk, k, SUM(treated) AS n1, SUM(1 - treated) AS n0 FROM scenarios.fct_trial_looks GROUP BY sk, k HAVING SUM(treated) > 0 AND SUM(1 - treated) >= 5
),
sizes AS (
  SELECT sk, CAST(SUM(n1) AS BIGINT) AS n1, CAST(SUM(x_idiv(CAST(1000 * n1 * n1 AS BIGINT), CAST(n0 AS BIGINT))) AS BIGINT) AS spread FROM base GROUP BY sk
),
members AS (
  SELECT sk, gk, k, SUM(treated) AS g1, SUM(1 - treated) AS g0 FROM scenarios.fct_trial_traits GROUP BY sk, gk, k
),
counts AS (
  SELECT m.sk, m.gk, CAST(SUM(m.g1) AS BIGINT) AS g1, CAST(SUM(x_idiv(CAST(1000 * b.n1 * m.g0 AS BIGINT), CAST(b.n0 AS BIGINT))) AS BIGINT) AS expected
  FROM members m JOIN base b ON b.sk = m.sk AND b.k = m.k
  GROUP BY m.sk, m.gk
),
shares AS (
  SELECT c.sk, c.gk, g.dated, x_ratio(c.g1 + 0.5, s.n1 + 1) AS p1, x_ratio(0.001 * c.expected + 0.5, s.n1 + 1) AS p0,
    s.n1 AS e1, x_ratio(s.n1 * s.n1 * 1000, s.spread) AS e0
  FROM counts c JOIN sizes s ON s.sk = c.sk JOIN scenarios.fct_trial_groups g ON g.gk = c.gk
),
spread AS (
  SELECT sk, gk, dated, p1 > p0 AS inside, p1 >= 0.9 AND p1 > p0 OR p1 <= 0.1 AND p1 < p0 AS narrow, (p1 - p0) * (p1 - p0) AS d, p1 * (1 - p1) AS v1, p0 * (1 - p0) AS v0, e1, e0 FROM shares
),
ranked AS (
  SELECT sk, gk, inside, narrow, ROW_NUMBER() OVER (PARTITION BY sk ORDER BY CAST(FLOOR(1000000 * x_ratio(d, v1 + v0) + 0.5) AS BIGINT) DESC NULLS LAST, CASE WHEN dated THEN 0 ELSE 1 END NULLS LAST,
    CASE WHEN inside THEN 0 ELSE 1 END NULLS LAST, gk NULLS LAST) AS place
  FROM spread
  WHERE 32 * d > v1 + v0 AND d > 16 * GREATEST(v1, v0) * (x_ratio(1, e1) + x_ratio(1, e0)) AND (dated OR narrow)
)
SELECT sk, gk, inside, narrow FROM ranked WHERE place = 1
