/*---
table: scenarios.red_trial_balance
block: effects
grain: [sk, gk]
reads: [scenarios.fct_trial_audiences, scenarios.fct_trial_groups, scenarios.fct_trial_looks, scenarios.fct_trial_parts, scenarios.fct_trial_traits]
doc: >-
  How entrants and comparators of the same stage, recency, tenure and orders differ by group, in the sample of fct_trial_looks: as they are, and with the group that tells about entry held equal.
max_rows: 1000000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: gk, type: int64, unit: "1", doc: "group key"}
  - {name: kind, type: string, doc: "segment, attribute, category"}
  - {name: name, type: string, doc: "segment or attribute"}
  - {name: group_value, type: string, doc: "value of the attribute, or category"}
  - {name: dated, type: bool, unit: "1", doc: "membership is known as of time zero; else as of the export"}
  - {name: used, type: bool, unit: "1", doc: "this group is in the cells"}
  - {name: units, type: int64, unit: "customers", doc: "entrants in cells with comparators"}
  - {name: members, type: int64, unit: "customers", doc: "of them, in the group"}
  - {name: expected_milli, type: int64, unit: "thousandths of a customer", doc: "would be in the group if entrants were as their comparators"}
  - {name: weight_milli, type: int64, unit: "thousandths", doc: "over cells, entrants squared by comparators: squared entrants by it are the comparators that would say as much if all counted alike"}
  - {name: held_units, type: int64, unit: "customers", doc: "as units, with the group that is used held equal"}
  - {name: held_members, type: int64, unit: "customers", doc: "as members"}
  - {name: held_expected_milli, type: int64, unit: "thousandths of a customer", doc: "as expected_milli"}
  - {name: held_weight_milli, type: int64, unit: "thousandths", doc: "as weight_milli"}
  - {name: customers_treated, type: int64, unit: "customers", doc: "different entrants in the sample"}
  - {name: customers_control, type: int64, unit: "customers", doc: "different comparators in the sample"}
---*/
WITH looks AS (
  SELECT l.sk, l.ck, l.day, l.treated, l.k, 2 * l.k + CASE WHEN p.ck IS NULL THEN 0 ELSE 1 END AS h
  FROM scenarios.fct_trial_looks l LEFT JOIN scenarios.fct_trial_parts p ON p.sk = l.sk AND p.ck = l.ck AND p.day = l.day
),
traits AS (
  SELECT t.sk, t.gk, t.treated, t.k, 2 * t.k + CASE WHEN p.ck IS NULL THEN 0 ELSE 1 END AS h
  FROM scenarios.fct_trial_traits t LEFT JOIN scenarios.fct_trial_parts p ON p.sk = t.sk AND p.ck = t.ck AND p.day = t.day
),
people AS (
  SELECT sk, SUM(treated) AS customers1, SUM(1 - treated) AS customers0 FROM looks GROUP BY sk
),
base AS (
  SELECT sk, k, SUM(treated) AS n1, SUM(1 - treated) AS n0 FROM looks GROUP BY sk, k HAVING SUM(treated) > 0 AND SUM(1 - treated) >= 5
),
held AS (
  SELECT sk, h, SUM(treated) AS n1, SUM(1 - treated) AS n0 FROM looks GROUP BY sk, h HAVING SUM(treated) > 0 AND SUM(1 - treated) >= 5
),
plain AS (
  SELECT m.sk, m.gk, SUM(m.g1) AS members, SUM(x_idiv(CAST(1000 * b.n1 * m.g0 AS BIGINT), CAST(b.n0 AS BIGINT))) AS expected
  FROM (SELECT sk, gk, k, SUM(treated) AS g1, SUM(1 - treated) AS g0 FROM traits GROUP BY sk, gk, k) m JOIN base b ON b.sk = m.sk AND b.k = m.k
  GROUP BY m.sk, m.gk
),
equal AS (
  SELECT m.sk, m.gk, SUM(m.g1) AS members, SUM(x_idiv(CAST(1000 * b.n1 * m.g0 AS BIGINT), CAST(b.n0 AS BIGINT))) AS expected
  FROM (SELECT sk, gk, h, SUM(treated) AS g1, SUM(1 - treated) AS g0 FROM traits GROUP BY sk, gk, h) m JOIN held b ON b.sk = m.sk AND b.h = m.h
  GROUP BY m.sk, m.gk
),
sizes AS (
  SELECT sk, SUM(n1) AS n, SUM(x_idiv(CAST(1000 * n1 * n1 AS BIGINT), CAST(n0 AS BIGINT))) AS weight FROM base GROUP BY sk
),
held_sizes AS (
  SELECT sk, SUM(n1) AS n, SUM(x_idiv(CAST(1000 * n1 * n1 AS BIGINT), CAST(n0 AS BIGINT))) AS weight FROM held GROUP BY sk
)
SELECT p.sk, p.gk, g.kind, g.name, g.group_value, g.dated, a.sk IS NOT NULL AS used, CAST(s.n AS BIGINT) AS units, CAST(p.members AS BIGINT) AS members, CAST(p.expected AS BIGINT) AS expected_milli,
  CAST(s.weight AS BIGINT) AS weight_milli,
  CAST(COALESCE(z.n, 0) AS BIGINT) AS held_units, CAST(COALESCE(e.members, 0) AS BIGINT) AS held_members, CAST(COALESCE(e.expected, 0) AS BIGINT) AS held_expected_milli,
  CAST(COALESCE(z.weight, 0) AS BIGINT) AS held_weight_milli,
  CAST(c.customers1 AS BIGINT) AS customers_treated, CAST(c.customers0 AS BIGINT) AS customers_control
FROM plain p
JOIN scenarios.fct_trial_groups g ON g.gk = p.gk
JOIN sizes s ON s.sk = p.sk
JOIN people c ON c.sk = p.sk
LEFT JOIN held_sizes z ON z.sk = p.sk
LEFT JOIN equal e ON e.sk = p.sk AND e.gk = p.gk
LEFT JOIN scenarios.fct_trial_audiences a ON a.sk = p.sk AND a.gk = p.gk
