/*---
table: scenarios.fct_withheld
block: overlap
grain: [mk]
reads: [core.cfg_reasons, core.cfg_scenarios, core.messages, scenarios.fct_scenarios, scenarios.fct_window]
doc: >-
  Messages of scenarios that were decided against in the audited time (not_sent_at without sent_at), transactional ones left out as in collisions, with the kind of their reason.
  Empty, and for nothing, when the exports hold no such rows.
columns:
  - {name: mk, type: int64, unit: "1", doc: "message, core.messages.mk"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: sec, type: int64, unit: "unix seconds", doc: "not_sent_at"}
  - {name: declared, type: int64, unit: "1", nullable: true, doc: "priority of the scenario's definition"}
  - {name: priority, type: int64, unit: "1", nullable: true, doc: "priority of the message"}
  - {name: reason, type: string, doc: "not_sent_reason; empty when none is given"}
  - {name: kind, type: string, doc: "kind of the reason, core.cfg_reasons; unknown when no word of it is known"}
  - {name: sendable, type: bool, unit: "1", doc: "the message could have gone: kind cap, quiet_hours, conflict or unknown"}
---*/
WITH withheld AS (
  SELECT m.mk, m.ck, s.sk, x_sec(m.not_sent_at) AS sec, d.priority AS declared, m.priority, COALESCE(CAST(m.not_sent_reason AS VARCHAR), '') AS reason
  FROM core.messages m
  JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
  LEFT JOIN core.cfg_scenarios d ON d.scenario_id = s.scenario_id
  CROSS JOIN scenarios.fct_window w
  WHERE m.not_sent_at IS NOT NULL AND m.sent_at IS NULL AND COALESCE(m.kind <> 'transactional', TRUE) AND x_sec(m.not_sent_at) >= w.from_sec AND x_sec(m.not_sent_at) < w.to_sec
),
reasons AS (
  SELECT reason FROM withheld GROUP BY reason
),
known AS (
  SELECT r.reason, c.kind, c.sendable, ROW_NUMBER() OVER (PARTITION BY r.reason ORDER BY c.position NULLS LAST) AS place
  FROM reasons r CROSS JOIN core.cfg_reasons c
  WHERE LOWER(r.reason) LIKE CONCAT('%', c.word, '%')
)
SELECT m.mk, m.ck, m.sk, CAST(m.sec AS INTEGER) AS sec, m.declared, m.priority, m.reason, COALESCE(k.kind, 'unknown') AS kind, COALESCE(k.sendable, TRUE) AS sendable
FROM withheld m LEFT JOIN known k ON k.reason = m.reason AND k.place = 1
