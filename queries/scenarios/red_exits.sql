/*---
table: scenarios.red_exits
grain: [scenario_id, stage, age, outcome, bucket]
reads: [core.cfg_audit, scenarios.fct_exits, scenarios.fct_scenarios, scenarios.fct_stages]
doc: >-
  Exits by what came first after them, for the life table of customers whom nothing follows. Ages are intervals of days after the exit: 1 (up to 1 day), 2 (3), 3 (7), 4 (14)
  and the last one (handover_days); with a shorter handover_days the ages that lie behind it are the last one. Customers who had reached a goal or opted out
  by the exit have age 0. What came in an interval that is not loaded in full counts as not yet come: of the exits of the same day that nothing followed so far, nothing is known of it either,
  and the early ones alone would make dead ends look rare. Buckets are folded to 50.
max_rows: 5000000
columns:
  - {name: scenario_id, type: string, doc: "scenario left"}
  - {name: stage, type: string, doc: "stage in force at the exit; unknown outside the panel"}
  - {name: age, type: int64, unit: "1", doc: "interval in which it came; with outcome none the last interval that is loaded in full, 0 when not even the first is"}
  - {name: outcome, type: string, doc: "next (a chain), message, goal, opt_out, none (not within the intervals that are loaded in full), achieved (goal by the exit), opted_out (by the exit)"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..49, half of that of core.customers"}
  - {name: n, type: int64, unit: "exits", doc: "exits"}
---*/
WITH firsts AS (
  SELECT sk, st, bucket, exited_sec, seen_days, achieved, opted_out, next_sec, message_sec, goal_sec, optout_sec,
    LEAST(COALESCE(next_sec, 2147483647), COALESCE(message_sec, 2147483647), COALESCE(goal_sec, 2147483647), COALESCE(optout_sec, 2147483647)) AS sec
  FROM scenarios.fct_exits
),
timed AS (
  SELECT sk, st, bucket, seen_days,
    CASE WHEN achieved THEN 'achieved' WHEN opted_out THEN 'opted_out' WHEN sec = 2147483647 THEN 'none' WHEN goal_sec = sec THEN 'goal' WHEN next_sec = sec THEN 'next'
      WHEN message_sec = sec THEN 'message' ELSE 'opt_out' END AS outcome,
    1 + x_idiv(GREATEST(sec - exited_sec - 1, 0), 86400) AS days
  FROM firsts
),
aged AS (
  SELECT t.sk, t.st, t.bucket, t.outcome,
    CASE WHEN t.seen_days >= a.handover_days
      THEN 1 + CASE WHEN a.handover_days > 1 THEN 1 ELSE 0 END + CASE WHEN a.handover_days > 3 THEN 1 ELSE 0 END
        + CASE WHEN a.handover_days > 7 THEN 1 ELSE 0 END + CASE WHEN a.handover_days > 14 THEN 1 ELSE 0 END
      ELSE CASE WHEN t.seen_days >= 1 THEN 1 ELSE 0 END + CASE WHEN t.seen_days >= 3 THEN 1 ELSE 0 END
        + CASE WHEN t.seen_days >= 7 THEN 1 ELSE 0 END + CASE WHEN t.seen_days >= 14 THEN 1 ELSE 0 END END AS seen,
    1 + CASE WHEN t.days > 1 THEN 1 ELSE 0 END + CASE WHEN t.days > 3 THEN 1 ELSE 0 END + CASE WHEN t.days > 7 THEN 1 ELSE 0 END
      + CASE WHEN t.days > 14 THEN 1 ELSE 0 END AS age
  FROM timed t CROSS JOIN core.cfg_audit a
),
settled AS (
  SELECT sk, st, bucket,
    CASE WHEN outcome = 'achieved' OR outcome = 'opted_out' OR outcome <> 'none' AND age <= seen THEN outcome ELSE 'none' END AS outcome,
    CASE WHEN outcome = 'achieved' OR outcome = 'opted_out' THEN 0 WHEN outcome <> 'none' AND age <= seen THEN age ELSE seen END AS age
  FROM aged
),
counts AS (
  SELECT sk, st, age, outcome, x_idiv(bucket, 2) AS bucket, COUNT(*) AS n
  FROM settled
  GROUP BY sk, st, age, outcome, x_idiv(bucket, 2)
)
SELECT s.scenario_id, COALESCE(t.stage, 'unknown') AS stage, CAST(c.age AS BIGINT) AS age, c.outcome, CAST(c.bucket AS BIGINT) AS bucket, c.n
FROM counts c
JOIN scenarios.fct_scenarios s ON s.sk = c.sk
LEFT JOIN scenarios.fct_stages t ON t.st = c.st
