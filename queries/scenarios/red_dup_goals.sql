/*---
table: scenarios.red_dup_goals
block: duplicates
grain: [sk, bucket]
reads: [core.cfg_order_events, core.cfg_scenarios, core.events, core.orders, scenarios.fct_dup_scope, scenarios.fct_entries, scenarios.fct_scenarios, scenarios.fct_window]
doc: >-
  Entries that reached the goal of their scenario in time: the goal of the definition, else an order within 14 days. Entries of the audited window that had the
  time to reach it, without the control arm and without calendar campaigns; only the buckets that fct_dup_scope names.
max_rows: 500000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: goal, type: string, doc: "the event; order when none is defined or the defined one is an order"}
  - {name: goal_days, type: int64, unit: "days", doc: "days after the entry within which it counts"}
  - {name: customers, type: int64, unit: "customers", doc: "customers with such entries"}
  - {name: entries, type: int64, unit: "entries", doc: "entries that had the time"}
  - {name: reached, type: int64, unit: "entries", doc: "of them with the goal in time"}
---*/
WITH goals AS (
  SELECT s.sk, CASE WHEN d.goal_event IS NULL OR o.name IS NOT NULL THEN 'order' ELSE d.goal_event END AS goal, COALESCE(d.goal_days, 14) AS goal_days
  FROM scenarios.fct_scenarios s
  LEFT JOIN core.cfg_scenarios d ON d.scenario_id = s.scenario_id
  LEFT JOIN core.cfg_order_events o ON o.name = d.goal_event
  WHERE NOT s.bulk
),
entries AS (
  SELECT e.ek, e.ck, e.bucket, e.sk, e.entered_sec, g.goal, g.goal_days
  FROM scenarios.fct_entries e
  JOIN goals g ON g.sk = e.sk
  JOIN scenarios.fct_dup_scope c ON c.sk = e.sk AND e.bucket < c.goal_buckets
  CROSS JOIN scenarios.fct_window w
  WHERE NOT e.control AND e.entered_day >= w.from_day AND e.entered_day < w.to_day AND e.entered_sec + 86400 * g.goal_days <= w.end_sec
),
facts AS (
  SELECT ck, CAST('order' AS VARCHAR) AS goal, x_sec(occurred_at) AS sec FROM core.orders
  UNION ALL
  SELECT e.ck, g.goal, x_sec(e.occurred_at)
  FROM core.events e JOIN (SELECT goal FROM goals WHERE goal <> 'order' GROUP BY goal) g ON g.goal = e.name
),
hits AS (
  SELECT e.ek
  FROM entries e JOIN facts f ON f.ck = e.ck AND f.goal = e.goal AND f.sec > e.entered_sec AND f.sec <= e.entered_sec + 86400 * e.goal_days
  GROUP BY e.ek
),
persons AS (
  SELECT e.sk, e.ck, e.bucket, e.goal, e.goal_days, COUNT(*) AS entries, COUNT(h.ek) AS reached
  FROM entries e LEFT JOIN hits h ON h.ek = e.ek
  GROUP BY e.sk, e.ck, e.bucket, e.goal, e.goal_days
)
SELECT sk, bucket, goal, goal_days, COUNT(*) AS customers, CAST(SUM(entries) AS BIGINT) AS entries, CAST(SUM(reached) AS BIGINT) AS reached
FROM persons
GROUP BY sk, bucket, goal, goal_days
