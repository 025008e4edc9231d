/*---
table: scenarios.red_ranked
block: overlap
grain: [sk_a, sk_b, bucket]
reads: [core.cfg_scenarios, core.customers, core.messages, scenarios.fct_scenarios, scenarios.fct_window, scenarios.red_overlap_grid]
doc: >-
  Collisions in which both messages carry a priority of their own, not the same, for pairs of scenarios of which at least one has no declared priority. Empty when
  messages carry none.
max_rows: 4500000
columns:
  - {name: sk_a, type: int64, unit: "1", doc: "scenario key, the smaller"}
  - {name: sk_b, type: int64, unit: "1", doc: "scenario key, the larger"}
  - {name: bucket, type: int64, unit: "1", doc: "half of the customer bucket: 0..49"}
  - {name: ranked, type: int64, unit: "pairs of messages", doc: "such collisions"}
  - {name: inverted, type: int64, unit: "pairs of messages", doc: "of them those in which the message of lower priority went first"}
---*/
WITH sent AS (
  SELECT m.ck, s.sk, x_sec(m.sent_at) AS sec, x_idiv(x_sec(m.sent_at), g.collision_seconds) AS slot, m.priority, d.priority IS NOT NULL AS declared
  FROM core.messages m
  JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
  LEFT JOIN core.cfg_scenarios d ON d.scenario_id = s.scenario_id
  CROSS JOIN scenarios.red_overlap_grid g
  CROSS JOIN scenarios.fct_window w
  WHERE m.priority IS NOT NULL AND m.sent_at IS NOT NULL AND COALESCE(m.kind <> 'transactional', TRUE) AND x_sec(m.sent_at) >= w.from_sec AND x_sec(m.sent_at) < w.to_sec
),
undeclared AS (
  SELECT m.ck, s.sk, x_sec(m.sent_at) AS sec, x_idiv(x_sec(m.sent_at), g.collision_seconds) AS slot, m.priority, g.collision_seconds
  FROM core.messages m
  JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
  LEFT JOIN core.cfg_scenarios d ON d.scenario_id = s.scenario_id
  CROSS JOIN scenarios.red_overlap_grid g
  CROSS JOIN scenarios.fct_window w
  WHERE d.priority IS NULL AND m.priority IS NOT NULL AND m.sent_at IS NOT NULL AND COALESCE(m.kind <> 'transactional', TRUE)
    AND x_sec(m.sent_at) >= w.from_sec AND x_sec(m.sent_at) < w.to_sec
),
around AS (
  SELECT ck, sk, sec, slot, priority, collision_seconds FROM undeclared
  UNION ALL
  SELECT ck, sk, sec, slot - 1, priority, collision_seconds FROM undeclared
  UNION ALL
  SELECT ck, sk, sec, slot + 1, priority, collision_seconds FROM undeclared
),
pairs AS (
  SELECT b.ck, LEAST(a.sk, b.sk) AS sk_a, GREATEST(a.sk, b.sk) AS sk_b, CASE WHEN (a.sec - b.sec) * (a.priority - b.priority) > 0 THEN 1 ELSE 0 END AS inverted
  FROM sent a
  JOIN around b ON b.ck = a.ck AND b.slot = a.slot AND b.sk <> a.sk AND b.priority <> a.priority AND b.sec < a.sec + b.collision_seconds
    AND b.sec > a.sec - b.collision_seconds
  WHERE a.declared OR a.sk < b.sk
)
SELECT p.sk_a, p.sk_b, CAST(x_idiv(c.bucket, 2) AS INTEGER) AS bucket, COUNT(*) AS ranked, CAST(SUM(p.inverted) AS BIGINT) AS inverted
FROM pairs p JOIN core.customers c ON c.ck = p.ck
GROUP BY p.sk_a, p.sk_b, x_idiv(c.bucket, 2)
