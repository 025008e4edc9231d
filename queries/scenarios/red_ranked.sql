/*---
table: scenarios.red_ranked
block: overlap
grain: [sk_a, sk_b, bucket]
reads: [core.customers, core.messages, scenarios.fct_scenarios, scenarios.fct_window, scenarios.red_overlap_grid]
doc: Collisions in which both messages carry a priority of their own, not the same. Empty when messages carry none.
max_rows: 4500000
columns:
  - {name: sk_a, type: int64, unit: "1", doc: "scenario key, the smaller"}
  - {name: sk_b, type: int64, unit: "1", doc: "scenario key, the larger"}
  - {name: bucket, type: int64, unit: "1", doc: "half of the customer bucket: 0..49"}
  - {name: ranked, type: int64, unit: "pairs of messages", doc: "such collisions"}
  - {name: inverted, type: int64, unit: "pairs of messages", doc: "of them those in which the message of lower priority went first"}
---*/
WITH sent AS (
  SELECT m.ck, s.sk, x_sec(m.sent_at) AS sec, x_idiv(x_sec(m.sent_at), g.collision_seconds) AS slot, m.priority, g.collision_seconds
  FROM core.messages m
  JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
  CROSS JOIN scenarios.red_overlap_grid g
  CROSS JOIN scenarios.fct_window w
  WHERE m.priority IS NOT NULL AND m.sent_at IS NOT NULL AND COALESCE(m.kind <> 'transactional', TRUE) AND x_sec(m.sent_at) >= w.from_sec AND x_sec(m.sent_at) < w.to_sec
),
around AS (
  SELECT ck, sk, sec, slot, priority FROM sent
  UNION ALL
  SELECT ck, sk, sec, slot - 1, priority FROM sent
  UNION ALL
  SELECT ck, sk, sec, slot + 1, priority FROM sent
)
SELECT a.sk AS sk_a, b.sk AS sk_b, CAST(x_idiv(c.bucket, 2) AS INTEGER) AS bucket, COUNT(*) AS ranked,
  CAST(SUM(CASE WHEN a.priority < b.priority AND a.sec < b.sec OR b.priority < a.priority AND b.sec < a.sec THEN 1 ELSE 0 END) AS BIGINT) AS inverted
FROM sent a
JOIN around b ON b.ck = a.ck AND b.slot = a.slot AND b.sk > a.sk AND b.priority <> a.priority AND b.sec < a.sec + a.collision_seconds AND b.sec > a.sec - a.collision_seconds
JOIN core.customers c ON c.ck = a.ck
GROUP BY a.sk, b.sk, x_idiv(c.bucket, 2)
