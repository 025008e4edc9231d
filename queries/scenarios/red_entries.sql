/*---
table: scenarios.red_entries
grain: [scenario_id, bucket]
reads: [core.cfg_audit, core.customers, lifecycle.fct_order_days, scenarios.fct_entries, scenarios.fct_memberships, scenarios.fct_messages, scenarios.fct_scenarios, scenarios.fct_stage_days, scenarios.fct_window]
doc: >-
  Entries of the audited window by scenario, their active time, and the stage handover_days later. A customer is counted once per scenario; buckets hold
  different customers.
max_rows: 1000000
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "customers who entered, control arm left out"}
  - {name: entries, type: int64, unit: "entries", doc: "entries, control arm left out"}
  - {name: reentries, type: int64, unit: "entries", doc: "of these, entries of a customer who had entered before, ever"}
  - {name: controls, type: int64, unit: "entries", doc: "entries into the control arm"}
  - {name: recorded_exits, type: int64, unit: "entries", doc: "entries whose exit is recorded"}
  - {name: derived, type: int64, unit: "entries", doc: "entries made from messages"}
  - {name: after_order, type: int64, unit: "entries", doc: "of entries of chains, those on the day of an order of the customer or on the day after"}
  - {name: active_seconds, type: int64, unit: "seconds", doc: "active time within the window, entries from before it included"}
  - {name: stage_known, type: int64, unit: "entries", doc: "entries of chains whose stage is known on the day of entry and handover_days later"}
  - {name: stage_changed, type: int64, unit: "entries", doc: "of these, entries with another stage then"}
---*/
WITH audited AS (
  SELECT e.ck, e.bucket, e.sk, e.entered_day, e.entered_day - 1 AS day_before, e.entered_day + a.handover_days AS later_day
  FROM scenarios.fct_entries e
  JOIN scenarios.fct_scenarios s ON s.sk = e.sk AND NOT s.bulk
  CROSS JOIN scenarios.fct_window w
  CROSS JOIN core.cfg_audit a
  WHERE e.entered_day >= w.from_day AND e.entered_day < w.to_day AND NOT e.control
),
mailed AS (
  SELECT m.ck, m.sk, SUM(CASE WHEN m.day >= w.from_day AND m.day < w.to_day THEN 1 ELSE 0 END) AS entries, MIN(m.day) AS first_day
  FROM scenarios.fct_messages m CROSS JOIN scenarios.fct_window w
  WHERE m.campaign
  GROUP BY m.ck, m.sk
),
entered AS (
  SELECT e.ck, e.sk, CASE WHEN e.control OR e.entered_day < w.from_day OR e.entered_day >= w.to_day THEN 0 ELSE 1 END AS entries,
    CASE WHEN NOT e.control THEN e.entered_day END AS first_day,
    CASE WHEN e.control AND e.entered_day >= w.from_day AND e.entered_day < w.to_day THEN 1 ELSE 0 END AS controls,
    CASE WHEN e.exit_known AND NOT e.control AND e.entered_day >= w.from_day AND e.entered_day < w.to_day THEN 1 ELSE 0 END AS recorded_exits,
    CASE WHEN e.derived AND e.entered_day >= w.from_day AND e.entered_day < w.to_day THEN 1 ELSE 0 END AS derived
  FROM scenarios.fct_entries e CROSS JOIN scenarios.fct_window w
  UNION ALL
  SELECT ck, sk, CAST(entries AS INTEGER), first_day, 0, 0, CAST(entries AS INTEGER)
  FROM mailed
),
customers AS (
  SELECT ck, sk, SUM(entries) AS entries, MIN(first_day) AS first_day, SUM(controls) AS controls, SUM(recorded_exits) AS recorded_exits, SUM(derived) AS derived
  FROM entered
  GROUP BY ck, sk
),
stages AS (
  SELECT e.sk, e.bucket, COUNT(*) AS stage_known, SUM(CASE WHEN a.st <> b.st THEN 1 ELSE 0 END) AS stage_changed
  FROM audited e
  JOIN scenarios.fct_stage_days a ON a.ck = e.ck AND a.from_day <= e.entered_day AND a.to_day > e.entered_day
  JOIN scenarios.fct_stage_days b ON b.ck = e.ck AND b.from_day <= e.later_day AND b.to_day > e.later_day
  GROUP BY e.sk, e.bucket
),
ordered AS (
  SELECT e.sk, e.bucket, COUNT(*) AS after_order
  FROM audited e
  JOIN lifecycle.fct_order_days o ON o.ck = e.ck AND o.day <= e.entered_day AND o.until_day > e.entered_day
  WHERE o.day >= e.day_before
  GROUP BY e.sk, e.bucket
),
parts AS (
  SELECT c.sk, CAST(k.bucket AS INTEGER) AS bucket, SUM(CASE WHEN c.entries > 0 THEN 1 ELSE 0 END) AS customers, SUM(c.entries) AS entries,
    SUM(CASE WHEN c.entries > 0 AND c.first_day >= w.from_day THEN c.entries - 1 ELSE c.entries END) AS reentries, SUM(c.controls) AS controls,
    SUM(c.recorded_exits) AS recorded_exits, SUM(c.derived) AS derived, 0 AS after_order, 0 AS active_seconds, 0 AS stage_known, 0 AS stage_changed
  FROM customers c JOIN core.customers k ON k.ck = c.ck CROSS JOIN scenarios.fct_window w
  GROUP BY c.sk, k.bucket
  UNION ALL
  SELECT sk, bucket, 0, 0, 0, 0, 0, 0, 0, SUM(CAST(seconds AS BIGINT)), 0, 0
  FROM scenarios.fct_memberships
  GROUP BY sk, bucket
  UNION ALL
  SELECT sk, bucket, 0, 0, 0, 0, 0, 0, 0, 0, stage_known, stage_changed
  FROM stages
  UNION ALL
  SELECT sk, bucket, 0, 0, 0, 0, 0, 0, after_order, 0, 0, 0
  FROM ordered
)
SELECT s.scenario_id, p.bucket, SUM(p.customers) AS customers, SUM(p.entries) AS entries, SUM(p.reentries) AS reentries, SUM(p.controls) AS controls,
  SUM(p.recorded_exits) AS recorded_exits, SUM(p.derived) AS derived, SUM(p.after_order) AS after_order, SUM(p.active_seconds) AS active_seconds, SUM(p.stage_known) AS stage_known,
  SUM(p.stage_changed) AS stage_changed
FROM parts p JOIN scenarios.fct_scenarios s ON s.sk = p.sk
GROUP BY s.scenario_id, p.bucket
