/*---
table: scenarios.fct_entries
grain: [ek]
reads: [core.cfg_audit, core.cfg_scenarios, core.customers, core.enrolments, core.messages, scenarios.fct_message_scenarios, scenarios.fct_scenarios, scenarios.fct_window]
doc: >-
  Passages of customers through scenarios. A scenario with enrolments has exactly these; the others are derived from their sent messages: one
  entry_id is one entry, messages without it are one entry as long as each follows the last one within entry_gap_days, and a bulk message is an entry of
  one day. Bulk messages of calendar campaigns, most of all messages, are not here: scenarios.fct_messages with campaign. An entry without a usable exit ends
  window_days after it began or, when the scenario has none, one day after its last message; nothing ends after the loaded history. An exit before the entry
  counts as none, one after the history as not yet known.
columns:
  - {name: ek, type: int64, unit: "1", doc: "entry key: core.enrolments.ek; of a derived entry -1 - mk of its first message by key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key, scenarios.fct_scenarios.sk"}
  - {name: entered_sec, type: int64, unit: "unix seconds", doc: "entry"}
  - {name: exited_sec, type: int64, unit: "unix seconds", doc: "exit, observed or by the rule; not before entered_sec"}
  - {name: entered_day, type: int64, unit: "days since 1970-01-01", doc: "day of the entry in the business zone"}
  - {name: exited_day, type: int64, unit: "days since 1970-01-01", doc: "day of the exit in the business zone"}
  - {name: exit_known, type: bool, unit: "1", doc: "the exit was recorded, not before the entry and within the loaded history"}
  - {name: exit_reason, type: string, nullable: true, doc: "why it ended, as recorded"}
  - {name: entry_id, type: string, nullable: true, doc: "id of the passage in the source"}
  - {name: derived, type: bool, unit: "1", doc: "made from messages"}
  - {name: control, type: bool, unit: "1", doc: "in the control arm: no active time"}
---*/
WITH enrolments AS (
  SELECT e.ek, e.ck, s.sk, e.entered_at, x_sec(e.entered_at) AS entered_sec, e.entered_day, e.entry_id, e.exit_reason,
    CASE WHEN e.exited_at >= e.entered_at THEN x_sec(e.exited_at) END AS exited_sec, e.exited_day, d.window_days,
    COALESCE(e.exited_at >= e.entered_at AND x_sec(e.exited_at) <= w.end_sec, FALSE) AS exit_known,
    COALESCE(LOWER(e.arm), '') IN ('control', 'holdout', 'hold-out', 'hold_out') AS control
  FROM core.enrolments e
  JOIN scenarios.fct_scenarios s ON s.scenario_id = e.scenario_id
  LEFT JOIN core.cfg_scenarios d ON d.scenario_id = e.scenario_id
  CROSS JOIN scenarios.fct_window w
),
open_ones AS (
  SELECT e.ek, e.ck, e.sk, e.entered_sec, e.entry_id,
    COALESCE(x_nul(LEAD(x_nul(e.entered_sec)) OVER (PARTITION BY e.ck, e.sk ORDER BY e.entered_at NULLS LAST, e.ek NULLS LAST)), 2147483647) AS next_sec
  FROM enrolments e
  WHERE e.exited_sec IS NULL AND e.window_days IS NULL AND NOT e.control
),
last_messages AS (
  SELECT o.ek, MAX(x_sec(m.sent_at)) AS last_sec, MAX(m.sent_day) AS last_day
  FROM open_ones o
  JOIN scenarios.fct_message_scenarios s ON s.sk = o.sk
  JOIN core.messages m ON m.ck = o.ck AND m.scenario_id = s.scenario_id
  WHERE m.sent_at IS NOT NULL AND x_sec(m.sent_at) >= o.entered_sec
    AND (m.entry_id = o.entry_id OR (m.entry_id IS NULL OR o.entry_id IS NULL) AND x_sec(m.sent_at) < o.next_sec)
  GROUP BY o.ek
),
given AS (
  SELECT e.ek, e.ck, e.sk, e.entered_sec, e.entered_day,
    CASE WHEN e.exited_sec IS NOT NULL THEN e.exited_sec
      WHEN e.window_days IS NOT NULL THEN e.entered_sec + 86400 * e.window_days
      ELSE COALESCE(l.last_sec, e.entered_sec) + 86400 END AS exited_sec,
    CASE WHEN e.exited_sec IS NOT NULL THEN e.exited_day
      WHEN e.window_days IS NOT NULL THEN e.entered_day + e.window_days
      ELSE COALESCE(l.last_day, e.entered_day) + 1 END AS exited_day,
    e.exit_known, e.exit_reason, e.entry_id, FALSE AS derived, e.control
  FROM enrolments e
  LEFT JOIN last_messages l ON l.ek = e.ek
),
sent AS (
  SELECT m.ck, s.sk, x_sec(m.sent_at) AS sec, m.sent_day AS day, m.entry_id, m.mk
  FROM core.messages m JOIN scenarios.fct_message_scenarios s ON s.scenario_id = m.scenario_id AND NOT s.enrolled
  WHERE m.sent_at IS NOT NULL AND (m.kind IS NULL OR m.kind <> 'bulk')
),
gaps AS (
  SELECT m.ck, m.sk, m.sec, m.day, m.mk,
    CASE WHEN m.sec - LAG(x_nul(m.sec)) OVER (PARTITION BY m.ck, m.sk ORDER BY m.sec NULLS LAST, m.mk NULLS LAST) < 86400 * a.entry_gap_days THEN 0 ELSE 1 END AS begins
  FROM sent m CROSS JOIN core.cfg_audit a
  WHERE m.entry_id IS NULL
),
passages AS (
  SELECT ck, sk, sec, day, mk, SUM(begins) OVER (PARTITION BY ck, sk ORDER BY sec NULLS LAST, mk NULLS LAST) AS passage
  FROM gaps
),
chains AS (
  SELECT -1 - MIN(mk) AS ek, ck, sk, MIN(sec) AS entered_sec, MIN(day) AS entered_day, MAX(sec) AS last_sec, MAX(day) AS last_day, entry_id
  FROM sent
  WHERE entry_id IS NOT NULL
  GROUP BY ck, sk, entry_id
  UNION ALL
  SELECT -1 - MIN(mk), ck, sk, MIN(sec), MIN(day), MAX(sec), MAX(day), CAST(NULL AS VARCHAR)
  FROM passages
  GROUP BY ck, sk, passage
),
entries AS (
  SELECT ek, ck, sk, entered_sec, entered_day, exited_sec, exited_day, exit_known, exit_reason, entry_id, derived, control
  FROM given
  UNION ALL
  SELECT c.ek, c.ck, c.sk, c.entered_sec, c.entered_day,
    CASE WHEN d.window_days IS NULL THEN c.last_sec + 86400 ELSE c.entered_sec + 86400 * d.window_days END,
    CASE WHEN d.window_days IS NULL THEN c.last_day + 1 ELSE c.entered_day + d.window_days END,
    FALSE, CAST(NULL AS VARCHAR), c.entry_id, TRUE, FALSE
  FROM chains c
  JOIN scenarios.fct_scenarios s ON s.sk = c.sk
  LEFT JOIN core.cfg_scenarios d ON d.scenario_id = s.scenario_id
  UNION ALL
  SELECT -1 - m.mk, m.ck, s.sk, x_sec(m.sent_at), m.sent_day, x_sec(m.sent_at) + 86400, m.sent_day + 1, FALSE, CAST(NULL AS VARCHAR), m.entry_id, TRUE, FALSE
  FROM core.messages m JOIN scenarios.fct_message_scenarios s ON s.scenario_id = m.scenario_id AND NOT s.enrolled AND NOT s.bulk
  WHERE m.sent_at IS NOT NULL AND m.kind = 'bulk'
)
SELECT e.ek, e.ck, CAST(c.bucket AS INTEGER) AS bucket, e.sk, e.entered_sec,
  CAST(GREATEST(e.entered_sec, LEAST(e.exited_sec, w.end_sec)) AS INTEGER) AS exited_sec, CAST(e.entered_day AS INTEGER) AS entered_day,
  CAST(GREATEST(e.entered_day, LEAST(e.exited_day, w.end_day)) AS INTEGER) AS exited_day, e.exit_known, e.exit_reason, e.entry_id, e.derived, e.control
FROM entries e
JOIN core.customers c ON c.ck = e.ck
CROSS JOIN scenarios.fct_window w
