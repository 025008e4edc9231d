/*---
table: scenarios.fct_customer_collisions
block: overlap
grain: [ck, sk_a, sk_b, unit]
reads: [scenarios.fct_sent, scenarios.red_overlap_grid]
doc: >-
  Pairs of sent messages of two scenarios to one customer, sent in one week of the audited time or closer than collision_seconds. Transactional messages are not
  counted: an order confirmation collides with nothing. Only weeks at whose begin the customer was known count as such: who comes on a
  Monday gets his welcome and the Tuesday mailing together by his coming. scenarios.fct_collisions lists the messages themselves.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: sk_a, type: int64, unit: "1", doc: "scenario key, the smaller"}
  - {name: sk_b, type: int64, unit: "1", doc: "scenario key, the larger"}
  - {name: unit, type: int64, unit: "1", doc: "8 x step of send_weeks weeks of scenarios.red_overlap_grid (from 0) + clock of scenarios.fct_clocks"}
  - {name: n_week, type: int64, unit: "pairs of messages", doc: "both in one week"}
  - {name: n_near_week, type: int64, unit: "pairs of messages", doc: "both in one week and closer than collision_seconds"}
  - {name: n_near, type: int64, unit: "pairs of messages", doc: "closer than collision_seconds, also across the border of weeks: collisions"}
  - {name: a_first, type: int64, unit: "pairs of messages", doc: "collisions in which the message of sk_a went first"}
  - {name: b_first, type: int64, unit: "pairs of messages", doc: "collisions in which the message of sk_b went first; the rest went in the same second"}
---*/
WITH sent AS (
  SELECT CAST(ck AS BIGINT) * 16384 + week AS k, sk, sec, clock FROM scenarios.fct_sent
),
week_ends AS (
  SELECT t.k + 1 AS k, t.sk, t.sec, t.clock
  FROM sent t CROSS JOIN scenarios.red_overlap_grid g
  WHERE t.sec - 604800 * x_idiv(t.sec, 604800) >= 604800 - g.collision_seconds
),
week_begins AS (
  SELECT t.k, t.sk, t.sec
  FROM sent t CROSS JOIN scenarios.red_overlap_grid g
  WHERE t.sec - 604800 * x_idiv(t.sec, 604800) < g.collision_seconds
),
pairs AS (
  SELECT a.k, a.sk AS sk_a, b.sk AS sk_b, b.sec - a.sec AS gap, a.clock, a.clock >= 0 AS same_week
  FROM sent a JOIN sent b ON b.k = a.k AND b.sk > a.sk
  UNION ALL
  SELECT a.k - 1, LEAST(a.sk, b.sk), GREATEST(a.sk, b.sk), CASE WHEN a.sk < b.sk THEN b.sec - a.sec ELSE a.sec - b.sec END, a.clock, FALSE
  FROM week_ends a JOIN week_begins b ON b.k = a.k AND b.sk <> a.sk
),
flagged AS (
  SELECT x_idiv(p.k, 16384) AS ck, p.sk_a, p.sk_b, x_idiv(p.k - 16384 * x_idiv(p.k, 16384), g.send_weeks) * 8 + GREATEST(p.clock, 0) AS unit, p.same_week,
    CASE WHEN ABS(p.gap) < g.collision_seconds THEN p.gap END AS near
  FROM pairs p CROSS JOIN scenarios.red_overlap_grid g
)
SELECT CAST(ck AS INTEGER) AS ck, CAST(sk_a AS INTEGER) AS sk_a, CAST(sk_b AS INTEGER) AS sk_b, CAST(unit AS INTEGER) AS unit,
  CAST(COUNT(CASE WHEN same_week THEN 1 END) AS INTEGER) AS n_week, CAST(COUNT(CASE WHEN same_week THEN near END) AS INTEGER) AS n_near_week,
  CAST(COUNT(near) AS INTEGER) AS n_near, CAST(COUNT(CASE WHEN near > 0 THEN 1 END) AS INTEGER) AS a_first,
  CAST(COUNT(CASE WHEN near < 0 THEN 1 END) AS INTEGER) AS b_first
FROM flagged
WHERE same_week OR near IS NOT NULL
GROUP BY ck, sk_a, sk_b, unit
