/*---
table: scenarios.red_handovers
grain: [from_scenario, to_scenario, bucket]
reads: [core.cfg_audit, scenarios.fct_active, scenarios.fct_exits, scenarios.fct_scenarios]
doc: >-
  Who enters which chain within handover_days of leaving which, of the exits whose handover_days are loaded in full. An exit counts once per chain entered; a
  row with an empty to_scenario holds all exits and those that any chain followed. Buckets are folded to 25: there may be many pairs.
max_rows: 3000000
columns:
  - {name: from_scenario, type: string, doc: "scenario left"}
  - {name: to_scenario, type: string, doc: "scenario entered; empty for the total"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..24, a quarter of that of core.customers"}
  - {name: exits, type: int64, unit: "exits", doc: "exits of the scenario, in rows of the total; else 0"}
  - {name: followed, type: int64, unit: "exits", doc: "exits after which the customer entered to_scenario (any chain) within handover_days"}
  - {name: first, type: int64, unit: "exits", doc: "of these, exits after which it was the first chain entered"}
---*/
WITH exits AS (
  SELECT x.ck, x_idiv(x.bucket, 4) AS bucket, x.sk, x.exited_sec, x.next_sk, x.exited_sec + 86400 * a.handover_days AS until_sec
  FROM scenarios.fct_exits x CROSS JOIN core.cfg_audit a
  WHERE x.seen_days >= a.handover_days
),
entered AS (
  SELECT x.ck, x.bucket, x.sk, x.exited_sec, n.sk AS to_sk, MAX(CASE WHEN x.next_sk = n.sk THEN 1 ELSE 0 END) AS first
  FROM exits x
  JOIN scenarios.fct_active n ON n.ck = x.ck AND n.from_sec >= x.exited_sec AND n.from_sec < x.until_sec
  GROUP BY x.ck, x.bucket, x.sk, x.exited_sec, n.sk
),
counts AS (
  SELECT sk, to_sk, bucket, 0 AS exits, COUNT(*) AS followed, SUM(first) AS first
  FROM entered
  GROUP BY sk, to_sk, bucket
  UNION ALL
  SELECT sk, 0, bucket, COUNT(*), COUNT(next_sk), COUNT(next_sk)
  FROM exits
  GROUP BY sk, bucket
)
SELECT f.scenario_id AS from_scenario, COALESCE(t.scenario_id, '') AS to_scenario, CAST(c.bucket AS BIGINT) AS bucket, c.exits, c.followed, c.first
FROM counts c
JOIN scenarios.fct_scenarios f ON f.sk = c.sk
LEFT JOIN scenarios.fct_scenarios t ON t.sk = c.to_sk
