/*---
table: scenarios.fct_dup_messages
block: duplicates
grain: [mk]
reads: [core.customers, core.messages, scenarios.fct_dup_scope, scenarios.fct_entries, scenarios.fct_message_scenarios, scenarios.fct_window]
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
WITH sampled AS (
  SELECT e.ek, e.ck, e.sk, s.scenario_id, s.bulk, e.entered_sec, e.entered_day, e.control, e.entry_id
  FROM scenarios.fct_entries e
  JOIN scenarios.fct_dup_scope c ON c.sk = e.sk AND e.bucket < c.message_buckets
  JOIN scenarios.fct_message_scenarios s ON s.sk = e.sk
  UNION ALL
  SELECT -1 - m.mk, m.ck, s.sk, s.scenario_id, s.bulk, x_sec(m.sent_at), m.sent_day, FALSE, m.entry_id
  FROM core.messages m
  JOIN core.customers k ON k.ck = m.ck
  JOIN scenarios.fct_message_scenarios s ON s.scenario_id = m.scenario_id AND s.bulk
  JOIN scenarios.fct_dup_scope c ON c.sk = s.sk AND k.bucket < c.message_buckets
  WHERE m.sent_at IS NOT NULL AND m.kind = 'bulk'
),
entries AS (
  SELECT e.ek, e.ck, e.sk, e.scenario_id, e.bulk, e.entered_sec, e.entered_day, e.control, e.entry_id,
    COALESCE(x_nul(LEAD(x_nul(e.entered_sec)) OVER (PARTITION BY e.ck, e.sk ORDER BY e.entered_sec NULLS LAST, e.ek NULLS LAST)), 2147483647) AS next_sec
  FROM sampled e
),
candidates AS (
  SELECT m.mk, e.ck, e.sk, e.bulk, e.ek, x_sec(m.sent_at) AS sec, e.entered_sec, CASE WHEN m.entry_id = e.entry_id THEN 0 ELSE 1 END AS guessed,
    CAST(m.channel AS VARCHAR) AS channel, COALESCE(CAST(m.step_id AS VARCHAR), '') AS step_id, COALESCE(CAST(m.template_id AS VARCHAR), '') AS template_id
  FROM entries e
  JOIN core.messages m ON m.ck = e.ck AND m.scenario_id = e.scenario_id
  CROSS JOIN scenarios.fct_window w
  WHERE NOT e.control AND e.entered_day >= w.from_day AND e.entered_day < w.to_day AND m.sent_at IS NOT NULL AND x_sec(m.sent_at) >= e.entered_sec
    AND (m.entry_id = e.entry_id OR (m.entry_id IS NULL OR e.entry_id IS NULL OR e.bulk) AND (x_sec(m.sent_at) < e.next_sec OR e.bulk AND x_sec(m.sent_at) = e.entered_sec))
),
owned AS (
  SELECT mk, ck, sk, bulk, ek, sec, entered_sec, channel, step_id, template_id,
    ROW_NUMBER() OVER (PARTITION BY mk ORDER BY guessed NULLS LAST, entered_sec DESC NULLS LAST, ek NULLS LAST) AS owner
  FROM candidates
),
timed AS (
  SELECT mk, sk, bulk, sec, entered_sec, channel, step_id, template_id, MIN(sec) OVER (PARTITION BY ek) AS first_sec,
    LAG(x_nul(sec)) OVER (PARTITION BY ck, sk ORDER BY sec NULLS LAST, mk NULLS LAST) AS before_sec,
    ROW_NUMBER() OVER (PARTITION BY ek ORDER BY sec NULLS LAST, mk NULLS LAST) AS place
  FROM owned
  WHERE owner = 1
)
SELECT mk, sk, CAST(CASE WHEN bulk THEN NULL ELSE sec - entered_sec END AS INTEGER) AS after_entry,
  CAST(CASE WHEN bulk THEN sec - before_sec ELSE sec - first_sec END AS INTEGER) AS after_first, CAST(CASE WHEN bulk THEN 1 ELSE place END AS INTEGER) AS place, channel,
  CASE WHEN bulk THEN '' ELSE step_id END AS step_id, template_id
FROM timed
