/*---
table: scenarios.fct_exits
grain: [ck, sk, exited_sec]
reads: [core.cfg_audit, core.messages, scenarios.fct_active, scenarios.fct_goals, scenarios.fct_messages, scenarios.fct_scenarios, scenarios.fct_stage_days, scenarios.fct_window]
doc: >-
  Exits from scenarios in the audited window (ends of scenarios.fct_active), and what came first within handover_days: another chain, a targeted message of
  another scenario, a goal, an opt-out. Calendar campaigns (bulk) are neither left nor entered. An exit with all four empty, not achieved and followed to the
  end is one that led nowhere.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: sk, type: int64, unit: "1", doc: "scenario left"}
  - {name: st, type: int64, unit: "1", doc: "stage in force on the day of the exit, scenarios.fct_stages.st; 0 when unknown"}
  - {name: entered_sec, type: int64, unit: "unix seconds", doc: "begin of the active span"}
  - {name: exited_sec, type: int64, unit: "unix seconds", doc: "its end"}
  - {name: seen_days, type: int64, unit: "days", doc: "whole days after the exit that are loaded, at most handover_days"}
  - {name: achieved, type: bool, unit: "1", doc: "a goal was reached after the entry and by the exit; what happened in the second of the entry started it"}
  - {name: opted_out, type: bool, unit: "1", doc: "the customer had unsubscribed or complained by the exit"}
  - {name: next_sec, type: int64, unit: "unix seconds", nullable: true, doc: "first entry into a chain within handover_days, a later one of the same scenario included"}
  - {name: next_sk, type: int64, unit: "1", nullable: true, doc: "that chain"}
  - {name: message_sec, type: int64, unit: "unix seconds", nullable: true, doc: "first message within handover_days that is neither bulk nor transactional and not of this scenario"}
  - {name: goal_sec, type: int64, unit: "unix seconds", nullable: true, doc: "first goal after the exit within handover_days"}
  - {name: optout_sec, type: int64, unit: "unix seconds", nullable: true, doc: "first unsubscribe or complaint after the exit within handover_days"}
---*/
WITH exits AS (
  SELECT a.ck, a.bucket, a.sk, a.from_sec, a.to_sec, a.to_sec + 86400 * c.handover_days AS until_sec
  FROM scenarios.fct_active a CROSS JOIN core.cfg_audit c CROSS JOIN scenarios.fct_window w
  WHERE a.to_sec >= w.from_sec AND a.to_sec < w.to_sec
),
things AS (
  SELECT a.ck, a.sk, a.from_sec AS sec, 1 AS kind, a.from_sec AS after_sec, 0 AS other_sk
  FROM scenarios.fct_active a CROSS JOIN scenarios.fct_window w
  WHERE a.from_sec >= w.from_sec
  UNION ALL
  SELECT m.ck, m.sk, m.sec, 2, m.sec, m.sk
  FROM scenarios.fct_messages m LEFT JOIN scenarios.fct_scenarios s ON s.sk = m.sk CROSS JOIN scenarios.fct_window w
  WHERE m.sec >= w.from_sec AND m.kind IN (0, 3) AND NOT COALESCE(s.bulk, FALSE)
  UNION ALL
  SELECT ck, sk, sec, 3, 2147483647, 0
  FROM scenarios.fct_goals
),
firsts AS (
  SELECT x.ck, MIN(x.bucket) AS bucket, x.sk, x.from_sec, MIN(x.to_sec) AS to_sec,
    MIN(CASE WHEN t.kind = 1 THEN CAST(t.sec AS BIGINT) * 1048576 + t.sk END) AS packed,
    MIN(CASE WHEN t.kind = 2 THEN t.sec END) AS message_sec,
    MIN(CASE WHEN t.kind = 3 AND t.sec > x.to_sec AND (t.sk = 0 OR t.sk = x.sk) THEN t.sec END) AS goal_sec,
    MIN(CASE WHEN t.kind = 3 AND t.sec > x.from_sec AND t.sec <= x.to_sec AND (t.sk = 0 OR t.sk = x.sk) THEN t.sec END) AS before_sec
  FROM exits x
  LEFT JOIN things t ON t.ck = x.ck AND t.sec >= x.from_sec AND t.sec < x.until_sec AND t.after_sec >= x.to_sec AND t.other_sk <> x.sk
  GROUP BY x.ck, x.sk, x.from_sec
),
followed AS (
  SELECT f.ck, f.bucket, f.sk, f.from_sec, f.to_sec, f.to_sec + 86400 * c.handover_days AS until_sec,
    LEAST(c.handover_days, x_idiv(w.end_sec - f.to_sec, 86400)) AS seen_days, w.from_day + x_idiv(f.to_sec - w.from_sec, 86400) AS exited_day,
    f.packed, f.message_sec, f.goal_sec, f.before_sec
  FROM firsts f CROSS JOIN core.cfg_audit c CROSS JOIN scenarios.fct_window w
),
optouts AS (
  SELECT ck, MIN(sec) AS sec
  FROM (
    SELECT ck, LEAST(x_sec(COALESCE(unsubscribed_at, complained_at)), x_sec(COALESCE(complained_at, unsubscribed_at))) AS sec
    FROM core.messages
    WHERE unsubscribed_at IS NOT NULL OR complained_at IS NOT NULL
  ) out_facts
  GROUP BY ck
)
SELECT x.ck, x.bucket, x.sk, COALESCE(t.st, 0) AS st, x.from_sec AS entered_sec, x.to_sec AS exited_sec, x.seen_days,
  x.before_sec IS NOT NULL AS achieved, COALESCE(o.sec <= x.to_sec, FALSE) AS opted_out,
  x_idiv(x.packed, 1048576) AS next_sec, x.packed - 1048576 * x_idiv(x.packed, 1048576) AS next_sk,
  x.message_sec, x.goal_sec, CASE WHEN o.sec > x.to_sec AND o.sec < x.until_sec THEN o.sec END AS optout_sec
FROM followed x
LEFT JOIN optouts o ON o.ck = x.ck
LEFT JOIN scenarios.fct_stage_days t ON t.ck = x.ck AND t.from_day <= x.exited_day AND t.to_day > x.exited_day
