/*---
table: scenarios.red_step_depth
grain: [scenario_id, last_position, ended, bucket]
reads: [core.cfg_audit, core.messages, scenarios.fct_chain_lengths, scenarios.fct_entries, scenarios.fct_goals, scenarios.fct_scenarios, scenarios.fct_sends, scenarios.fct_steps, scenarios.fct_window]
doc: >-
  How far entries of chains got: the furthest step that was sent, and whether a goal or an opt-out stands for the steps that were not. Entries of the audited
  window that are over: the exit is recorded, or, with an exit by rule, no message can follow (entry_gap_days have passed since the last one);
  only those that began early enough for the whole chain to be over (scenarios.fct_chain_lengths), however soon they ended.
max_rows: 1000000
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: last_position, type: int64, unit: "1", doc: "furthest step sent; 0 when the entry got no message"}
  - {name: ended, type: string, doc: "goal (reached within the passage), opt_out (by the exit), other"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "entries", doc: "entries"}
---*/
WITH entries AS (
  SELECT e.ek, e.ck, e.bucket, e.sk, e.entered_sec, e.exited_sec
  FROM scenarios.fct_entries e
  JOIN scenarios.fct_scenarios s ON s.sk = e.sk AND NOT s.bulk AND s.messaged
  JOIN scenarios.fct_chain_lengths l ON l.sk = e.sk
  CROSS JOIN scenarios.fct_window w
  CROSS JOIN core.cfg_audit a
  WHERE NOT e.control AND e.entered_day >= w.from_day AND e.entered_day < w.to_day
    AND e.entered_sec + l.whole_sec <= w.end_sec AND (e.exit_known OR e.exited_sec + 86400 * (a.entry_gap_days - 1) <= w.end_sec)
),
depths AS (
  SELECT m.ek, MAX(t.position) AS last_position
  FROM scenarios.fct_sends m JOIN scenarios.fct_steps t ON t.sk = m.sk AND t.step_id = m.step_id
  GROUP BY m.ek
),
achieved AS (
  SELECT e.ek
  FROM entries e JOIN scenarios.fct_goals g ON g.ck = e.ck AND g.sec > e.entered_sec AND g.sec <= e.exited_sec
  WHERE g.sk = 0 OR g.sk = e.sk
  GROUP BY e.ek
),
optouts AS (
  SELECT ck, MIN(LEAST(x_sec(COALESCE(unsubscribed_at, complained_at)), x_sec(COALESCE(complained_at, unsubscribed_at)))) AS sec
  FROM core.messages
  WHERE unsubscribed_at IS NOT NULL OR complained_at IS NOT NULL
  GROUP BY ck
),
ends AS (
  SELECT e.sk, e.bucket, COALESCE(d.last_position, 0) AS last_position,
    CASE WHEN a.ek IS NOT NULL THEN 'goal' WHEN o.sec <= e.exited_sec THEN 'opt_out' ELSE 'other' END AS ended
  FROM entries e
  LEFT JOIN depths d ON d.ek = e.ek
  LEFT JOIN achieved a ON a.ek = e.ek
  LEFT JOIN optouts o ON o.ck = e.ck
),
counts AS (
  SELECT sk, last_position, ended, bucket, COUNT(*) AS n
  FROM ends
  GROUP BY sk, last_position, ended, bucket
)
SELECT s.scenario_id, CAST(c.last_position AS BIGINT) AS last_position, c.ended, c.bucket, c.n
FROM counts c JOIN scenarios.fct_scenarios s ON s.sk = c.sk
