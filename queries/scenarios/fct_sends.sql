/*---
table: scenarios.fct_sends
grain: [ek, sec, mk]
reads: [core.cfg_audit, core.messages, scenarios.fct_entries, scenarios.fct_scenarios, scenarios.fct_window]
doc: >-
  Messages of chains by the entry they belong to, for the treated entries that began in the audited window: those with the entry's id, or, where either
  has none, those from the entry to the next one into the same scenario. Calendar campaigns (bulk) have no steps and are not here.
columns:
  - {name: ek, type: int64, unit: "1", doc: "entry, scenarios.fct_entries.ek"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: step_id, type: string, doc: "step as the message says, else its template, else #k, the k-th message of the entry (at most 20)"}
  - {name: step_given, type: bool, unit: "1", doc: "the message says its step"}
  - {name: sec, type: int64, unit: "unix seconds", doc: "sent"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of sec in the business zone"}
  - {name: mk, type: int64, unit: "1", doc: "message key"}
  - {name: delay_sec, type: int64, unit: "seconds", doc: "since the entry"}
  - {name: gap_sec, type: int64, unit: "seconds", nullable: true, doc: "since the message before in the same entry; NULL for the first"}
  - {name: place, type: int64, unit: "1", doc: "number of the message within the entry, 1 = first"}
  - {name: finished, type: bool, unit: "1", doc: "the entry is over: its exit is recorded, or, with an exit by rule, entry_gap_days have passed since the last message could come"}
  - {name: clicked, type: bool, unit: "1", doc: "clicked, not by robots only"}
---*/
WITH unnamed AS (
  SELECT u.sk
  FROM (
    SELECT s.sk
    FROM core.messages m JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id AND NOT s.bulk
    WHERE m.entry_id IS NULL AND m.sent_at IS NOT NULL
    GROUP BY s.sk
    UNION ALL
    SELECT e.sk
    FROM scenarios.fct_entries e JOIN scenarios.fct_scenarios s ON s.sk = e.sk AND s.messaged AND NOT s.bulk
    WHERE e.entry_id IS NULL
    GROUP BY e.sk
  ) u
  GROUP BY u.sk
),
spans AS (
  SELECT e.ek, e.ck, e.bucket, e.sk, e.entered_sec, e.exited_sec, e.exit_known, e.entered_day, e.entry_id, e.control,
    COALESCE(x_nul(LEAD(x_nul(e.entered_sec)) OVER (PARTITION BY e.ck, e.sk ORDER BY e.entered_sec NULLS LAST, e.ek NULLS LAST)), 2147483647) AS next_sec
  FROM scenarios.fct_entries e JOIN unnamed u ON u.sk = e.sk
),
sends AS (
  SELECT e.ek, e.ck, e.bucket, e.sk, e.entered_sec, e.exit_known OR e.exited_sec + 86400 * (a.entry_gap_days - 1) <= w.end_sec AS finished, m.mk,
    x_sec(m.sent_at) AS sec, m.sent_day AS day, m.step_id, m.template_id, m.clicked_day IS NOT NULL AND NOT COALESCE(m.bot_click, FALSE) AS clicked
  FROM scenarios.fct_entries e
  JOIN scenarios.fct_scenarios s ON s.sk = e.sk AND s.messaged AND NOT s.bulk
  CROSS JOIN scenarios.fct_window w
  CROSS JOIN core.cfg_audit a
  JOIN core.messages m ON m.ck = e.ck AND m.scenario_id = s.scenario_id AND m.entry_id = e.entry_id
  WHERE NOT e.control AND e.entered_day >= w.from_day AND e.entered_day < w.to_day AND m.sent_at IS NOT NULL
  UNION ALL
  SELECT e.ek, e.ck, e.bucket, e.sk, e.entered_sec, e.exit_known OR e.exited_sec + 86400 * (a.entry_gap_days - 1) <= w.end_sec, m.mk,
    x_sec(m.sent_at), m.sent_day, m.step_id, m.template_id, m.clicked_day IS NOT NULL AND NOT COALESCE(m.bot_click, FALSE)
  FROM spans e
  JOIN scenarios.fct_scenarios s ON s.sk = e.sk
  CROSS JOIN scenarios.fct_window w
  CROSS JOIN core.cfg_audit a
  JOIN core.messages m ON m.ck = e.ck AND m.scenario_id = s.scenario_id
  WHERE NOT e.control AND e.entered_day >= w.from_day AND e.entered_day < w.to_day AND m.sent_at IS NOT NULL
    AND (m.entry_id IS NULL OR e.entry_id IS NULL) AND x_sec(m.sent_at) >= e.entered_sec AND x_sec(m.sent_at) < e.next_sec
),
placed AS (
  SELECT ek, ck, bucket, sk, step_id, template_id, sec, day, mk, finished, clicked, sec - entered_sec AS delay_sec, sec - LAG(x_nul(sec)) OVER w AS gap_sec,
    ROW_NUMBER() OVER w AS place
  FROM sends
  WINDOW w AS (PARTITION BY ek ORDER BY sec NULLS LAST, mk NULLS LAST)
)
SELECT ek, ck, bucket, sk, COALESCE(CAST(step_id AS VARCHAR), CAST(template_id AS VARCHAR), CONCAT('#', CAST(LEAST(place, 20) AS VARCHAR))) AS step_id,
  step_id IS NOT NULL AS step_given, sec, day, mk,
  CAST(delay_sec AS INTEGER) AS delay_sec, CAST(gap_sec AS INTEGER) AS gap_sec, CAST(place AS INTEGER) AS place, finished, clicked
FROM placed
