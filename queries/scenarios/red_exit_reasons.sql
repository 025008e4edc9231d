/*---
table: scenarios.red_exit_reasons
grain: [scenario_id, ended, reason]
reads: [scenarios.fct_entries, scenarios.fct_messages, scenarios.fct_scenarios, scenarios.fct_window]
doc: How the entries of the audited window ended, by the reason that the source gives. Counts, no sample.
max_rows: 200000
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: ended, type: string, doc: "recorded (the source gives the exit), rule (by window_days or the last message), open (at the end of the data)"}
  - {name: reason, type: string, doc: "exit_reason of a recorded exit; empty when there is none"}
  - {name: n, type: int64, unit: "entries", doc: "entries"}
---*/
WITH ends AS (
  SELECT e.sk, CASE WHEN e.exit_known THEN 'recorded' WHEN e.exited_sec >= w.end_sec THEN 'open' ELSE 'rule' END AS ended,
    CASE WHEN e.exit_known THEN COALESCE(CAST(e.exit_reason AS VARCHAR), '') ELSE '' END AS reason, 1 AS n
  FROM scenarios.fct_entries e CROSS JOIN scenarios.fct_window w
  WHERE e.entered_day >= w.from_day AND e.entered_day < w.to_day AND NOT e.control
  UNION ALL
  SELECT m.sk, CASE WHEN m.sec + 86400 >= w.end_sec THEN 'open' ELSE 'rule' END, '', COUNT(*)
  FROM scenarios.fct_messages m CROSS JOIN scenarios.fct_window w
  WHERE m.campaign AND m.day >= w.from_day AND m.day < w.to_day
  GROUP BY m.sk, CASE WHEN m.sec + 86400 >= w.end_sec THEN 'open' ELSE 'rule' END
),
counts AS (
  SELECT sk, ended, reason, CAST(SUM(n) AS BIGINT) AS n
  FROM ends
  GROUP BY sk, ended, reason
)
SELECT s.scenario_id, c.ended, c.reason, c.n
FROM counts c JOIN scenarios.fct_scenarios s ON s.sk = c.sk
