/*---
table: lifecycle.fct_stage_changes
grain: [ck, period]
reads: [core.customers, core.customer_attributes, core.messages, core.stage_history, core.cfg_lifecycle, core.cfg_stage_features, lifecycle.fct_grid, lifecycle.fct_panel, lifecycle.fct_days, lifecycle.fct_order_days, lifecycle.fct_order_gaps, lifecycle.fct_activity_days, lifecycle.fct_message_days, lifecycle.fct_stage_looks]
doc: >-
  Periods in which the stage of a customer changes, his first one included, and his last complete period: the features at
  lifecycle.fct_stage_looks, the rules applied to them (x_stage), equal neighbours dropped. With recorded stages, the last one recorded before
  a period's end.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: period, type: int64, unit: "1", doc: "period of lifecycle.fct_grid"}
  - {name: stage, type: string, doc: "stage at the end of the period"}
  - {name: changed, type: bool, unit: "1", doc: "another stage than at the end of the period before, or the first period"}
  - {name: mask, type: int64, unit: "1", nullable: true, doc: "last complete period only: bit p-1 is set when the rule at position p matches; NULL with recorded stages"}
---*/
WITH panel AS (
  SELECT c.source, p.grid_first, p.end_day, p.last_period
  FROM core.cfg_lifecycle c CROSS JOIN lifecycle.fct_panel p
),
entries AS (
  SELECT c.ck, c.first_seen_day, COALESCE(d.period, p.grid_first) AS period
  FROM core.customers c
  CROSS JOIN panel p
  LEFT JOIN lifecycle.fct_days d ON d.day = c.first_seen_day
  WHERE d.period IS NOT NULL OR c.first_seen_day < p.end_day
),
looks AS (
  SELECT l.ck, l.period, g.end_day, g.end_day - 28 AS day_28, g.end_day - 90 AS day_90, g.end_day - 365 AS day_365,
    MAX(l.order_day) OVER (PARTITION BY l.ck ORDER BY l.period NULLS LAST) AS last_order
  FROM lifecycle.fct_stage_looks l JOIN lifecycle.fct_grid g ON g.period = l.period
),
used AS (
  SELECT COUNT(CASE WHEN feature = 'orders_28d' THEN 1 END) AS orders_28d, COUNT(CASE WHEN feature = 'orders_90d' THEN 1 END) AS orders_90d,
    COUNT(CASE WHEN feature IN ('orders_365d', 'revenue_365d') THEN 1 END) AS orders_365d,
    COUNT(CASE WHEN feature IN ('last_activity_days', 'activity_28d') THEN 1 END) AS activity,
    COUNT(CASE WHEN feature = 'activity_28d' THEN 1 END) AS activity_28d, COUNT(CASE WHEN feature = 'subscribed' THEN 1 END) AS subscribed
  FROM core.cfg_stage_features
),
orders_28 AS (SELECT o.ck, o.day, o.until_day, o.orders_total FROM lifecycle.fct_order_days o JOIN used u ON u.orders_28d > 0),
orders_90 AS (SELECT o.ck, o.day, o.until_day, o.orders_total FROM lifecycle.fct_order_days o JOIN used u ON u.orders_90d > 0),
orders_365 AS (
  SELECT o.ck, o.day, o.until_day, o.orders_total, o.revenue_total_minor FROM lifecycle.fct_order_days o JOIN used u ON u.orders_365d > 0
),
activity AS (SELECT a.ck, a.day, a.until_day, a.events_total FROM lifecycle.fct_activity_days a JOIN used u ON u.activity > 0),
activity_28 AS (SELECT a.ck, a.day, a.until_day, a.events_total FROM lifecycle.fct_activity_days a JOIN used u ON u.activity_28d > 0),
consent AS (
  SELECT m.ck, MIN(m.sent_day) AS sent_day,
    MIN(LEAST(COALESCE(m.unsubscribed_day, m.complained_day), COALESCE(m.complained_day, m.unsubscribed_day))) AS opted_out_day
  FROM core.messages m JOIN used u ON u.subscribed > 0
  GROUP BY m.ck
),
features AS (
  SELECT l.ck, l.period, t.attributes,
    l.end_day - l.last_order AS recency_days,
    l.end_day - o.first_day AS first_order_days,
    l.end_day - e.first_seen_day AS tenure_days,
    COALESCE(o.orders_total, 0) AS orders_total,
    COALESCE(o.orders_total, 0) - COALESCE(o28.orders_total, 0) AS orders_28d,
    COALESCE(o.orders_total, 0) - COALESCE(o90.orders_total, 0) AS orders_90d,
    COALESCE(o.orders_total, 0) - COALESCE(o365.orders_total, 0) AS orders_365d,
    x_ratio(COALESCE(o.revenue_total_minor, 0), 100) AS revenue_total,
    x_ratio(COALESCE(o.revenue_total_minor, 0) - COALESCE(o365.revenue_total_minor, 0), 100) AS revenue_365d,
    x_ratio(o.revenue_total_minor, 100 * o.orders_total) AS avg_order_value,
    l.end_day - a.day AS last_activity_days,
    COALESCE(a.events_total, 0) - COALESCE(a28.events_total, 0) AS activity_28d,
    COALESCE(m.sent_total, 0) - COALESCE(m28.sent_total, 0) AS messages_28d,
    COALESCE(m.opened_total, 0) - COALESCE(m28.opened_total, 0) AS opens_28d,
    COALESCE(m.clicked_total, 0) - COALESCE(m28.clicked_total, 0) AS clicks_28d,
    CASE WHEN c.opted_out_day < l.end_day THEN FALSE WHEN c.sent_day < l.end_day THEN TRUE END AS subscribed,
    q.median_gap_days,
    x_ratio(l.end_day - l.last_order, q.median_gap_days) AS overdue_ratio
  FROM looks l
  JOIN entries e ON e.ck = l.ck
  JOIN core.customer_attributes t ON t.ck = l.ck
  LEFT JOIN lifecycle.fct_order_days o ON o.ck = l.ck AND o.day = l.last_order
  LEFT JOIN lifecycle.fct_order_gaps q ON q.ck = l.ck AND q.day = l.last_order
  LEFT JOIN orders_28 o28 ON o28.ck = l.ck AND o28.day < l.day_28 AND o28.until_day >= l.day_28
  LEFT JOIN orders_90 o90 ON o90.ck = l.ck AND o90.day < l.day_90 AND o90.until_day >= l.day_90
  LEFT JOIN orders_365 o365 ON o365.ck = l.ck AND o365.day < l.day_365 AND o365.until_day >= l.day_365
  LEFT JOIN activity a ON a.ck = l.ck AND a.day < l.end_day AND a.until_day >= l.end_day
  LEFT JOIN activity_28 a28 ON a28.ck = l.ck AND a28.day < l.day_28 AND a28.until_day >= l.day_28
  LEFT JOIN lifecycle.fct_message_days m ON m.ck = l.ck AND m.day < l.end_day AND m.until_day >= l.end_day
  LEFT JOIN lifecycle.fct_message_days m28 ON m28.ck = l.ck AND m28.day < l.day_28 AND m28.until_day >= l.day_28
  LEFT JOIN consent c ON c.ck = l.ck
  WHERE l.period >= e.period
),
ruled AS (
  SELECT f.ck, f.period,
    x_stage(f.recency_days, f.first_order_days, f.tenure_days, f.orders_total, f.orders_28d, f.orders_90d, f.orders_365d, f.revenue_total,
      f.revenue_365d, f.avg_order_value, f.last_activity_days, f.activity_28d, f.messages_28d, f.opens_28d, f.clicks_28d, f.subscribed,
      f.median_gap_days, f.overdue_ratio, f.attributes) AS stage,
    CASE WHEN f.period = p.last_period THEN
      x_stage_mask(f.recency_days, f.first_order_days, f.tenure_days, f.orders_total, f.orders_28d, f.orders_90d, f.orders_365d, f.revenue_total,
        f.revenue_365d, f.avg_order_value, f.last_activity_days, f.activity_28d, f.messages_28d, f.opens_28d, f.clicks_28d, f.subscribed,
        f.median_gap_days, f.overdue_ratio, f.attributes) END AS mask
  FROM features f CROSS JOIN panel p
),
records AS (
  SELECT h.ck, CAST(h.stage AS VARCHAR) AS stage, h.entered_at, GREATEST(COALESCE(d.period, p.grid_first), e.period) AS period
  FROM core.stage_history h
  JOIN panel p ON p.source = 'recorded'
  JOIN entries e ON e.ck = h.ck
  LEFT JOIN lifecycle.fct_days d ON d.day = h.entered_day
  WHERE d.period IS NOT NULL OR h.entered_day < p.end_day
),
recorded AS (
  SELECT ck, period, stage, ROW_NUMBER() OVER (PARTITION BY ck, period ORDER BY entered_at DESC NULLS LAST, stage DESC NULLS LAST) AS back
  FROM records
),
evaluated AS (
  SELECT ck, period, stage, mask FROM ruled
  UNION ALL
  SELECT ck, period, stage, NULL FROM recorded WHERE back = 1
  UNION ALL
  SELECT e.ck, e.period, 'unassigned', NULL
  FROM entries e
  JOIN panel p ON p.source = 'recorded'
  LEFT JOIN recorded r ON r.ck = e.ck AND r.period = e.period AND r.back = 1
  WHERE r.ck IS NULL
),
compared AS (
  SELECT ck, period, stage, mask, LAG(x_nul(stage)) OVER (PARTITION BY ck ORDER BY period NULLS LAST) AS before
  FROM evaluated
)
SELECT ck, period, stage, before IS NULL OR before <> stage AS changed, mask
FROM compared
WHERE before IS NULL OR before <> stage OR mask IS NOT NULL
