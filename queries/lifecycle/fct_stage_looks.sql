/*---
table: lifecycle.fct_stage_looks
grain: [ck, period]
reads: [core.customers, core.messages, core.cfg_lifecycle, core.cfg_stage_breakpoints, lifecycle.fct_grid, lifecycle.fct_panel, lifecycle.fct_days, lifecycle.fct_order_days, lifecycle.fct_order_gaps, lifecycle.fct_activity_days]
doc: >-
  Periods in which a customer is looked at: those whose end is the first behind one of his breakpoints (core.cfg_stage_breakpoints), his first
  and the last one. Between two of them no rule can change its value. Every period when a rule is dense; none with recorded stages.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: period, type: int64, unit: "1", doc: "period of lifecycle.fct_grid"}
  - {name: order_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "last order day within the period, when a rule uses orders"}
---*/
WITH rules AS (
  SELECT c.dense, p.grid_first, p.end_day, p.last_period
  FROM core.cfg_lifecycle c CROSS JOIN lifecycle.fct_panel p
  WHERE c.source = 'rules'
),
breakpoints AS (
  SELECT b.anchor, CAST(b.offset_days - 1 AS INTEGER) AS later, b.factor
  FROM core.cfg_stage_breakpoints b CROSS JOIN rules r
),
points AS (
  SELECT o.ck, o.day + b.later AS day, CASE WHEN b.later = 0 THEN o.day END AS order_day
  FROM lifecycle.fct_order_days o JOIN breakpoints b ON b.anchor = 'order'
  UNION ALL
  SELECT o.ck, o.day + b.later, NULL
  FROM lifecycle.fct_order_days o JOIN breakpoints b ON b.anchor = 'last_order'
  WHERE o.until_day > o.day + b.later
  UNION ALL
  SELECT o.ck, o.day + b.later, NULL
  FROM lifecycle.fct_order_days o JOIN breakpoints b ON b.anchor = 'first_order'
  WHERE o.number = 1
  UNION ALL
  SELECT g.ck, CAST(g.day + floor(b.factor * g.median_gap_days) + e.extra AS INTEGER) - 1, NULL
  FROM lifecycle.fct_order_gaps g
  JOIN breakpoints b ON b.anchor = 'overdue'
  CROSS JOIN (SELECT 0 AS extra UNION ALL SELECT 1 UNION ALL SELECT 2) e
  WHERE b.factor * g.median_gap_days < 36500
  UNION ALL
  SELECT c.ck, c.first_seen_day + b.later, NULL
  FROM core.customers c JOIN breakpoints b ON b.anchor = 'first_seen'
  UNION ALL
  SELECT a.ck, a.day + b.later, NULL
  FROM lifecycle.fct_activity_days a JOIN breakpoints b ON b.anchor = 'activity'
  UNION ALL
  SELECT a.ck, a.day + b.later, NULL
  FROM lifecycle.fct_activity_days a JOIN breakpoints b ON b.anchor = 'last_activity'
  WHERE a.until_day > a.day + b.later
  UNION ALL
  SELECT m.ck, m.sent_day + b.later, NULL
  FROM core.messages m JOIN breakpoints b ON b.anchor = 'message'
  UNION ALL
  SELECT m.ck, m.opened_day + b.later, NULL
  FROM core.messages m JOIN breakpoints b ON b.anchor = 'open'
  WHERE NOT COALESCE(m.machine_open, FALSE)
  UNION ALL
  SELECT m.ck, m.clicked_day + b.later, NULL
  FROM core.messages m JOIN breakpoints b ON b.anchor = 'click'
  WHERE NOT COALESCE(m.bot_click, FALSE)
  UNION ALL
  SELECT m.ck, MIN(m.sent_day), NULL
  FROM core.messages m JOIN breakpoints b ON b.anchor = 'consent'
  GROUP BY m.ck
  UNION ALL
  SELECT m.ck, MIN(LEAST(COALESCE(m.unsubscribed_day, m.complained_day), COALESCE(m.complained_day, m.unsubscribed_day))), NULL
  FROM core.messages m JOIN breakpoints b ON b.anchor = 'consent'
  GROUP BY m.ck
),
entries AS (
  SELECT c.ck, COALESCE(d.period, r.grid_first) AS period, r.last_period, r.dense
  FROM core.customers c
  CROSS JOIN rules r
  LEFT JOIN lifecycle.fct_days d ON d.day = c.first_seen_day
  WHERE d.period IS NOT NULL OR c.first_seen_day < r.end_day
),
placed AS (
  SELECT q.ck, d.period, q.order_day
  FROM points q JOIN lifecycle.fct_days d ON d.day = q.day
  UNION ALL
  SELECT ck, period, NULL FROM entries
  UNION ALL
  SELECT ck, last_period, NULL FROM entries
  UNION ALL
  SELECT e.ck, g.period, NULL
  FROM (SELECT ck, period FROM entries WHERE dense) e JOIN lifecycle.fct_grid g ON g.period > e.period
)
SELECT ck, period, MAX(order_day) AS order_day
FROM placed
GROUP BY ck, period
