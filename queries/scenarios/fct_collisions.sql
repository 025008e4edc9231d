/*---
table: scenarios.fct_collisions
block: overlap
grain: [mk_a, mk_b]
reads: [core.cfg_audit, core.cfg_scenarios, core.customers, core.messages, scenarios.fct_scenarios, scenarios.fct_window]
doc: >-
  Collisions: every two messages of different scenarios that one customer was sent within collision_seconds of each other in the audited time, transactional
  ones left out. scenario_a is the first of the two ids in the order of bytes. A view: filter by scenario_a and scenario_b, or by customer.
view: true
columns:
  - {name: scenario_a, type: string, doc: "scenario of message a"}
  - {name: scenario_b, type: string, doc: "scenario of message b"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: customer_id, type: string, doc: "customer"}
  - {name: mk_a, type: int64, unit: "1", doc: "message a, core.messages.mk"}
  - {name: mk_b, type: int64, unit: "1", doc: "message b"}
  - {name: message_a, type: string, nullable: true, doc: "message a in the source"}
  - {name: message_b, type: string, nullable: true, doc: "message b in the source"}
  - {name: channel_a, type: string, doc: "channel of message a"}
  - {name: channel_b, type: string, doc: "channel of message b"}
  - {name: sent_a, type: timestamp, doc: "message a sent, UTC"}
  - {name: sent_b, type: timestamp, doc: "message b sent, UTC"}
  - {name: hours_apart, type: float64, unit: "hours", doc: "time between them"}
  - {name: first_sent, type: string, doc: "which went first: a, b, or same (second)"}
  - {name: priority_a, type: int64, unit: "1", nullable: true, doc: "priority of a: of the definitions when both scenarios have one there, else of the messages when both have one"}
  - {name: priority_b, type: int64, unit: "1", nullable: true, doc: "priority of b"}
  - {name: priority_inversion, type: bool, unit: "1", nullable: true, doc: "the message of lower priority went first; NULL without two different priorities"}
  - {name: both_arrived, type: bool, unit: "1", doc: "neither bounced: nothing held back the lower one"}
---*/
WITH sent AS (
  SELECT m.mk, m.ck, s.sk, CAST(s.scenario_id AS VARCHAR) AS scenario_id, CAST(m.message_id AS VARCHAR) AS message_id, CAST(m.channel AS VARCHAR) AS channel,
    m.sent_at, x_sec(m.sent_at) AS sec, x_idiv(x_sec(m.sent_at), a.collision_seconds) AS slot, a.collision_seconds, d.priority AS own, m.priority,
    m.bounced_at IS NULL AS arrived
  FROM core.messages m
  JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
  LEFT JOIN core.cfg_scenarios d ON d.scenario_id = s.scenario_id
  CROSS JOIN core.cfg_audit a
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_at IS NOT NULL AND COALESCE(m.kind <> 'transactional', TRUE) AND x_sec(m.sent_at) >= w.from_sec AND x_sec(m.sent_at) < w.to_sec
),
around AS (
  SELECT mk, ck, sk, scenario_id, message_id, channel, sent_at, sec, slot, own, priority, arrived FROM sent
  UNION ALL
  SELECT mk, ck, sk, scenario_id, message_id, channel, sent_at, sec, slot - 1, own, priority, arrived FROM sent
  UNION ALL
  SELECT mk, ck, sk, scenario_id, message_id, channel, sent_at, sec, slot + 1, own, priority, arrived FROM sent
),
pairs AS (
  SELECT a.ck, a.mk AS mk_a, b.mk AS mk_b, a.scenario_id AS scenario_a, b.scenario_id AS scenario_b, a.message_id AS message_a, b.message_id AS message_b,
    a.channel AS channel_a, b.channel AS channel_b, a.sent_at AS sent_a, b.sent_at AS sent_b, a.sec AS sec_a, b.sec AS sec_b,
    CASE WHEN a.own IS NOT NULL AND b.own IS NOT NULL THEN a.own WHEN b.priority IS NOT NULL THEN a.priority END AS priority_a,
    CASE WHEN a.own IS NOT NULL AND b.own IS NOT NULL THEN b.own WHEN a.priority IS NOT NULL THEN b.priority END AS priority_b,
    a.arrived AND b.arrived AS both_arrived
  FROM sent a JOIN around b ON b.ck = a.ck AND b.slot = a.slot AND b.sk > a.sk AND b.sec < a.sec + a.collision_seconds AND b.sec > a.sec - a.collision_seconds
)
SELECT p.scenario_a, p.scenario_b, p.ck, c.customer_id, p.mk_a, p.mk_b, p.message_a, p.message_b, p.channel_a, p.channel_b, p.sent_a, p.sent_b,
  x_ratio(ABS(p.sec_a - p.sec_b), 3600) AS hours_apart, CASE WHEN p.sec_a < p.sec_b THEN 'a' WHEN p.sec_b < p.sec_a THEN 'b' ELSE 'same' END AS first_sent,
  p.priority_a, p.priority_b,
  CASE WHEN p.priority_a = p.priority_b THEN NULL WHEN p.priority_a > p.priority_b THEN p.sec_b < p.sec_a WHEN p.priority_a < p.priority_b THEN p.sec_a < p.sec_b END
    AS priority_inversion,
  p.both_arrived
FROM pairs p JOIN core.customers c ON c.ck = p.ck
