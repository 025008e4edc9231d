/*---
table: scenarios.fct_lost_pairs
block: overlap
grain: [mk_lost, mk_sent]
reads: [core.cfg_audit, core.cfg_scenarios, core.messages, scenarios.fct_scenarios, scenarios.fct_window, scenarios.fct_withheld]
doc: >-
  The other half of priority inversions: a message that was decided against, with every message of lower priority of another scenario that the customer was sent within collision_seconds
  before or after the decision. Priorities as in scenarios.fct_collisions: of the definitions when both scenarios have one there, else of the messages when both have one. Named in
  scenarios.fct_lost_messages.
columns:
  - {name: mk_lost, type: int64, unit: "1", doc: "message not sent, core.messages.mk"}
  - {name: mk_sent, type: int64, unit: "1", doc: "message of lower priority that was sent"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: sk_lost, type: int64, unit: "1", doc: "scenario of the message not sent"}
  - {name: sk_sent, type: int64, unit: "1", doc: "scenario of the other"}
  - {name: priority_lost, type: int64, unit: "1", doc: "priority of the message not sent"}
  - {name: priority_sent, type: int64, unit: "1", doc: "priority of the other, lower"}
  - {name: gap, type: int64, unit: "seconds", doc: "decision after sending; below 0 the decision came first"}
  - {name: sendable, type: bool, unit: "1", doc: "of scenarios.fct_withheld"}
---*/
WITH withheld AS (
  SELECT l.mk, l.ck, l.sk, l.sec, l.declared, l.priority, l.sendable, x_idiv(l.sec, a.collision_seconds) AS slot, a.collision_seconds
  FROM scenarios.fct_withheld l CROSS JOIN core.cfg_audit a
  WHERE l.declared IS NOT NULL OR l.priority IS NOT NULL
),
around AS (
  SELECT mk, ck, sk, sec, declared, priority, sendable, slot, collision_seconds FROM withheld
  UNION ALL
  SELECT mk, ck, sk, sec, declared, priority, sendable, slot - 1, collision_seconds FROM withheld
  UNION ALL
  SELECT mk, ck, sk, sec, declared, priority, sendable, slot + 1, collision_seconds FROM withheld
),
people AS (
  SELECT ck FROM withheld GROUP BY ck
),
sent AS (
  SELECT m.mk, m.ck, s.sk, x_sec(m.sent_at) AS sec, d.priority AS declared, m.priority, x_idiv(x_sec(m.sent_at), a.collision_seconds) AS slot
  FROM core.messages m
  JOIN people p ON p.ck = m.ck
  JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
  LEFT JOIN core.cfg_scenarios d ON d.scenario_id = s.scenario_id
  CROSS JOIN core.cfg_audit a
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_at IS NOT NULL AND COALESCE(m.kind <> 'transactional', TRUE) AND x_sec(m.sent_at) >= w.from_sec AND x_sec(m.sent_at) < w.to_sec
),
pairs AS (
  SELECT l.mk AS mk_lost, b.mk AS mk_sent, l.ck, l.sk AS sk_lost, b.sk AS sk_sent, l.sec - b.sec AS gap, l.sendable,
    CASE WHEN l.declared IS NOT NULL AND b.declared IS NOT NULL THEN l.declared WHEN b.priority IS NOT NULL THEN l.priority END AS priority_lost,
    CASE WHEN l.declared IS NOT NULL AND b.declared IS NOT NULL THEN b.declared WHEN l.priority IS NOT NULL THEN b.priority END AS priority_sent
  FROM around l JOIN sent b ON b.ck = l.ck AND b.slot = l.slot AND b.sk <> l.sk AND b.sec < l.sec + l.collision_seconds AND b.sec > l.sec - l.collision_seconds
)
SELECT mk_lost, mk_sent, ck, sk_lost, sk_sent, priority_lost, priority_sent, CAST(gap AS INTEGER) AS gap, sendable
FROM pairs
WHERE priority_lost > priority_sent
