/*---
table: scenarios.fct_dup_messages
block: duplicates
grain: [mk]
reads: [core.customers, core.messages, scenarios.fct_dup_scope, scenarios.fct_entries, scenarios.fct_scenarios, scenarios.fct_window]
doc: >-
  Messages of a sample of customers with the time since the entry that they belong to: entries of the audited window, not of the control arm, a message
  belonging to the entry with its entry_id, else to the latest one before it. Only the buckets that fct_dup_scope names. Of a calendar campaign the time is that since
  the campaign's last message to the customer.
columns:
  - {name: mk, type: int64, unit: "1", doc: "message key"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: after_entry, type: int64, unit: "seconds", nullable: true, doc: "since the entry; NULL for calendar campaigns"}
  - {name: after_first, type: int64, unit: "seconds", nullable: true, doc: "since the first message of the entry; for calendar campaigns since the one before, NULL for the first"}
  - {name: place, type: int64, unit: "1", doc: "place among the messages of the entry, 1 = first; 1 for calendar campaigns"}
  - {name: channel, type: string, doc: "channel"}
  - {name: step_id, type: string, doc: "step; empty when not given"}
  - {name: template_id, type: string, doc: "template; empty when not given"}
---*/
WITH entries AS (
  SELECT e.ek, e.ck, e.sk, s.scenario_id, e.entered_sec, e.entered_day, e.control, e.entry_id,
    COALESCE(x_nul(LEAD(x_nul(e.entered_sec)) OVER (PARTITION BY e.ck, e.sk ORDER BY e.entered_sec NULLS LAST, e.ek NULLS LAST)), 2147483647) AS next_sec
  FROM scenarios.fct_entries e
  JOIN scenarios.fct_dup_scope c ON c.sk = e.sk AND e.bucket < c.message_buckets
  JOIN scenarios.fct_scenarios s ON s.sk = e.sk AND NOT s.bulk
),
chains AS (
  SELECT m.mk, e.sk, e.ek, x_sec(m.sent_at) AS sec, e.entered_sec, CASE WHEN m.entry_id = e.entry_id THEN 0 ELSE 1 END AS guessed, CAST(m.channel AS VARCHAR) AS channel, COALESCE(CAST(m.step_id AS VARCHAR), '') AS step_id,
    COALESCE(CAST(m.template_id AS VARCHAR), '') AS template_id
  FROM entries e
  JOIN core.messages m ON m.ck = e.ck AND m.scenario_id = e.scenario_id
  CROSS JOIN scenarios.fct_window w
  WHERE NOT e.control AND e.entered_day >= w.from_day AND e.entered_day < w.to_day AND m.sent_at IS NOT NULL AND x_sec(m.sent_at) >= e.entered_sec
    AND (m.entry_id = e.entry_id OR (m.entry_id IS NULL OR e.entry_id IS NULL) AND x_sec(m.sent_at) < e.next_sec)
),
owned AS (
  SELECT mk, sk, ek, sec, entered_sec, channel, step_id, template_id,
    ROW_NUMBER() OVER (PARTITION BY mk ORDER BY guessed NULLS LAST, entered_sec DESC NULLS LAST, ek NULLS LAST) AS owner
  FROM chains
),
bulk AS (
  SELECT m.mk, s.sk, m.ck, x_sec(m.sent_at) AS sec, CAST(m.channel AS VARCHAR) AS channel, COALESCE(CAST(m.step_id AS VARCHAR), '') AS step_id,
    COALESCE(CAST(m.template_id AS VARCHAR), '') AS template_id
  FROM core.messages m
  JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id AND s.bulk
  JOIN core.customers k ON k.ck = m.ck
  JOIN scenarios.fct_dup_scope c ON c.sk = s.sk AND k.bucket < c.message_buckets
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day >= w.from_day AND m.sent_day < w.to_day
)
SELECT mk, sk, CAST(sec - entered_sec AS INTEGER) AS after_entry,
  CAST(sec - MIN(sec) OVER (PARTITION BY ek) AS INTEGER) AS after_first,
  CAST(ROW_NUMBER() OVER (PARTITION BY ek ORDER BY sec NULLS LAST, mk NULLS LAST) AS INTEGER) AS place, channel, step_id, template_id
FROM owned
WHERE owner = 1
UNION ALL
SELECT mk, sk, CAST(NULL AS INTEGER), CAST(sec - LAG(x_nul(sec)) OVER (PARTITION BY ck, sk ORDER BY sec NULLS LAST, mk NULLS LAST) AS INTEGER), CAST(1 AS INTEGER),
  channel, CAST('' AS VARCHAR), template_id
FROM bulk
