/*---
table: lifecycle.fct_stage_points
grain: [ck, period]
reads: [core.customers, core.cfg_lifecycle, core.cfg_stage_breakpoints, lifecycle.fct_panel, lifecycle.fct_days, lifecycle.fct_order_days, lifecycle.fct_order_gaps, lifecycle.fct_activity_days, lifecycle.fct_message_changes]
doc: >-
  The breakpoints of every customer (core.cfg_stage_breakpoints), his first and the last period, each in the first period whose end lies behind it, and what changes there: several
  rows of one customer and period add up. None with recorded stages. A view: read by lifecycle.fct_stage_looks.
view: true
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: period, type: int64, unit: "1", doc: "period of lifecycle.fct_grid"}
  - {name: order_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "day of an order that becomes the last one"}
  - {name: orders_28d, type: int64, unit: "orders", nullable: true, doc: "change of the feature"}
  - {name: orders_90d, type: int64, unit: "orders", nullable: true, doc: "change of the feature"}
  - {name: orders_365d, type: int64, unit: "orders", nullable: true, doc: "change of the feature"}
  - {name: revenue_365d_minor, type: int64, unit: "minor currency units", nullable: true, doc: "change of the feature"}
  - {name: activity_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "day of activity that becomes the last one"}
  - {name: activity_28d, type: int64, unit: "events", nullable: true, doc: "change of the feature"}
  - {name: messages_28d, type: int64, unit: "messages", nullable: true, doc: "change of the feature"}
  - {name: opens_28d, type: int64, unit: "messages", nullable: true, doc: "change of the feature"}
  - {name: clicks_28d, type: int64, unit: "messages", nullable: true, doc: "change of the feature"}
  - {name: consent, type: int64, unit: "1", nullable: true, doc: "1 = messaged, 2 = unsubscribed or complained"}
---*/
WITH rules AS (
  SELECT p.grid_first, p.grid_start_day, p.end_day, p.last_period
  FROM core.cfg_lifecycle c CROSS JOIN lifecycle.fct_panel p
  WHERE c.source = 'rules'
),
used AS (
  SELECT CAST(MAX(CASE WHEN anchor = 'order' AND offset_days = 29 THEN 1 END) AS INTEGER) AS orders_28d,
    CAST(MAX(CASE WHEN anchor = 'order' AND offset_days = 91 THEN 1 END) AS INTEGER) AS orders_90d,
    CAST(MAX(CASE WHEN anchor = 'order' AND offset_days = 366 THEN 1 END) AS INTEGER) AS orders_365d,
    CAST(MAX(CASE WHEN anchor = 'activity' AND offset_days = 29 THEN 1 END) AS INTEGER) AS activity_28d
  FROM core.cfg_stage_breakpoints
),
breakpoints AS (
  SELECT b.anchor, CAST(b.offset_days - 1 AS INTEGER) AS later, b.factor,
    CASE b.offset_days WHEN 1 THEN u.orders_28d WHEN 29 THEN -1 END AS sign_28,
    CASE b.offset_days WHEN 1 THEN u.orders_90d WHEN 91 THEN -1 END AS sign_90,
    CASE b.offset_days WHEN 1 THEN u.orders_365d WHEN 366 THEN -1 END AS sign_365,
    CASE b.offset_days WHEN 1 THEN u.activity_28d WHEN 29 THEN -1 END AS sign_activity
  FROM core.cfg_stage_breakpoints b CROSS JOIN used u CROSS JOIN rules r
),
points AS (
  SELECT o.ck, o.day + b.later AS day, CASE WHEN b.later = 0 THEN o.day END AS order_day, b.sign_28 * o.orders AS orders_28d, b.sign_90 * o.orders AS orders_90d,
    b.sign_365 * o.orders AS orders_365d, b.sign_365 * o.revenue_minor AS revenue_365d_minor, NULL AS activity_day, NULL AS activity_28d
  FROM lifecycle.fct_order_days o JOIN breakpoints b ON b.anchor = 'order'
  UNION ALL
  SELECT o.ck, o.day + b.later, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM lifecycle.fct_order_days o JOIN breakpoints b ON b.anchor = 'last_order'
  WHERE o.until_day > o.day + b.later
  UNION ALL
  SELECT o.ck, o.day + b.later, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM lifecycle.fct_order_days o JOIN breakpoints b ON b.anchor = 'first_order'
  WHERE o.number = 1
  UNION ALL
  SELECT g.ck, CAST(g.day + floor(b.factor * g.median_gap_days) + e.extra AS INTEGER) - 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM lifecycle.fct_order_gaps g
  JOIN breakpoints b ON b.anchor = 'overdue'
  CROSS JOIN (SELECT 0 AS extra UNION ALL SELECT 1 UNION ALL SELECT 2) e
  WHERE b.factor * g.median_gap_days < 36500 AND g.until_day >= g.day + floor(b.factor * g.median_gap_days) + e.extra
  UNION ALL
  SELECT c.ck, c.first_seen_day + b.later, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM core.customers c JOIN breakpoints b ON b.anchor = 'first_seen'
  UNION ALL
  SELECT a.ck, a.day + b.later, NULL, NULL, NULL, NULL, NULL, CASE WHEN b.later = 0 THEN a.day END, b.sign_activity * a.events
  FROM lifecycle.fct_activity_days a JOIN breakpoints b ON b.anchor = 'activity'
  UNION ALL
  SELECT a.ck, a.day + b.later, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM lifecycle.fct_activity_days a JOIN breakpoints b ON b.anchor = 'last_activity'
  WHERE a.until_day > a.day + b.later
),
entries AS (
  SELECT c.ck, COALESCE(d.period, r.grid_first) AS period, r.last_period
  FROM core.customers c
  CROSS JOIN rules r
  LEFT JOIN lifecycle.fct_days d ON d.day = c.first_seen_day
  WHERE d.period IS NOT NULL OR c.first_seen_day < r.end_day
),
placed AS (
  SELECT q.ck, COALESCE(d.period, r.grid_first) AS period, q.order_day, q.orders_28d, q.orders_90d, q.orders_365d, q.revenue_365d_minor, q.activity_day,
    q.activity_28d, NULL AS messages_28d, NULL AS opens_28d, NULL AS clicks_28d, NULL AS consent
  FROM points q
  CROSS JOIN rules r
  LEFT JOIN lifecycle.fct_days d ON d.day = q.day
  WHERE d.period IS NOT NULL OR q.day < r.grid_start_day
  UNION ALL
  SELECT m.ck, m.period, NULL, NULL, NULL, NULL, NULL, NULL, NULL, m.messages_28d, m.opens_28d, m.clicks_28d, m.consent
  FROM lifecycle.fct_message_changes m CROSS JOIN rules r
  UNION ALL
  SELECT ck, period, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM entries
  UNION ALL
  SELECT ck, last_period, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM entries
)
SELECT ck, period, order_day, orders_28d, orders_90d, orders_365d, revenue_365d_minor, activity_day, activity_28d, messages_28d, opens_28d, clicks_28d, consent
FROM placed
