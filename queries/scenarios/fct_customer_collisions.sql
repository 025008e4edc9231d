/*---
table: scenarios.fct_customer_collisions
block: overlap
grain: [ck, sk_a, sk_b, unit]
reads: [core.cfg_audit, core.messages, scenarios.fct_clocks, scenarios.red_overlap_grid, scenarios.fct_scenarios, scenarios.fct_window]
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
  - {name: ranked, type: int64, unit: "pairs of messages", doc: "collisions in which both messages carry a priority of their own, not the same"}
  - {name: inverted, type: int64, unit: "pairs of messages", doc: "of them those in which the message of lower priority went first"}
---*/
WITH sent AS (
  SELECT CAST(m.ck AS BIGINT) * 16384 + x_idiv(x_sec(m.sent_at) - g.start_sec, 604800) AS k, s.sk,
    CAST(x_sec(m.sent_at) - g.start_sec AS INTEGER) AS sec, CAST(m.priority AS INTEGER) AS priority
  FROM core.messages m
  JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
  CROSS JOIN scenarios.red_overlap_grid g
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_at IS NOT NULL AND COALESCE(m.kind <> 'transactional', TRUE) AND x_sec(m.sent_at) >= w.from_sec AND x_sec(m.sent_at) < w.to_sec
),
week_ends AS (
  SELECT t.k + 1 AS k, t.sk, t.sec, t.priority
  FROM sent t CROSS JOIN core.cfg_audit a
  WHERE t.sec - 604800 * x_idiv(t.sec, 604800) >= 604800 - a.collision_seconds
),
week_begins AS (
  SELECT t.k, t.sk, t.sec, t.priority
  FROM sent t CROSS JOIN core.cfg_audit a
  WHERE t.sec - 604800 * x_idiv(t.sec, 604800) < a.collision_seconds
),
pairs AS (
  SELECT a.k, a.sk AS sk_a, b.sk AS sk_b, a.sec AS sec_a, b.sec AS sec_b, a.priority AS priority_a, b.priority AS priority_b, 1 AS same_week
  FROM sent a JOIN sent b ON b.k = a.k AND b.sk > a.sk
  UNION ALL
  SELECT a.k - 1, CASE WHEN a.sk < b.sk THEN a.sk ELSE b.sk END, CASE WHEN a.sk < b.sk THEN b.sk ELSE a.sk END, CASE WHEN a.sk < b.sk THEN a.sec ELSE b.sec END,
    CASE WHEN a.sk < b.sk THEN b.sec ELSE a.sec END, CASE WHEN a.sk < b.sk THEN a.priority ELSE b.priority END,
    CASE WHEN a.sk < b.sk THEN b.priority ELSE a.priority END, 0
  FROM week_ends a JOIN week_begins b ON b.k = a.k AND b.sk <> a.sk
),
flagged AS (
  SELECT p.ck, p.sk_a, p.sk_b, 8 * x_idiv(p.week, g.send_weeks) + COALESCE(k.clock, 0) AS unit, CASE WHEN p.week >= COALESCE(k.known_week, 0) THEN p.same_week ELSE 0 END AS same_week,
    CASE WHEN ABS(p.sec_a - p.sec_b) < c.collision_seconds THEN 1 ELSE 0 END AS near,
    CASE WHEN p.sec_a < p.sec_b AND p.sec_b - p.sec_a < c.collision_seconds THEN 1 ELSE 0 END AS a_first,
    CASE WHEN p.sec_b < p.sec_a AND p.sec_a - p.sec_b < c.collision_seconds THEN 1 ELSE 0 END AS b_first,
    CASE WHEN p.priority_a > p.priority_b THEN 1 ELSE 0 END AS a_ranks,
    CASE WHEN p.priority_a < p.priority_b THEN 1 ELSE 0 END AS b_ranks
  FROM (
    SELECT x_idiv(k, 16384) AS ck, k - 16384 * x_idiv(k, 16384) AS week, sk_a, sk_b, sec_a, sec_b, priority_a, priority_b, same_week FROM pairs
  ) p
  LEFT JOIN scenarios.fct_clocks k ON k.ck = p.ck
  CROSS JOIN scenarios.red_overlap_grid g
  CROSS JOIN core.cfg_audit c
)
SELECT CAST(ck AS INTEGER) AS ck, CAST(sk_a AS INTEGER) AS sk_a, CAST(sk_b AS INTEGER) AS sk_b, CAST(unit AS INTEGER) AS unit,
  CAST(SUM(same_week) AS INTEGER) AS n_week, CAST(SUM(same_week * near) AS INTEGER) AS n_near_week, CAST(SUM(near) AS INTEGER) AS n_near,
  CAST(SUM(a_first) AS INTEGER) AS a_first, CAST(SUM(b_first) AS INTEGER) AS b_first, CAST(SUM(near * (a_ranks + b_ranks)) AS INTEGER) AS ranked,
  CAST(SUM(a_first * b_ranks + b_first * a_ranks) AS INTEGER) AS inverted
FROM flagged
WHERE same_week = 1 OR near = 1
GROUP BY ck, sk_a, sk_b, unit
