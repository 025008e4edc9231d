/*---
table: lifecycle.fct_stage_changes
grain: [ck, period]
reads: [core.customers, core.customer_attributes, core.stage_history, core.cfg_lifecycle, lifecycle.fct_grid, lifecycle.fct_panel, lifecycle.fct_days, lifecycle.fct_order_days, lifecycle.fct_order_gaps, lifecycle.fct_stage_looks, lifecycle.fct_stage_sums]
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
  SELECT ck, period, MAX(order_day) OVER (PARTITION BY ck ORDER BY period NULLS LAST) AS last_order
  FROM lifecycle.fct_stage_looks
),
sums AS (
  SELECT ck, period,
    MAX(CASE WHEN feature = 'orders_28d' THEN value END) AS orders_28d,
    MAX(CASE WHEN feature = 'orders_90d' THEN value END) AS orders_90d,
    MAX(CASE WHEN feature = 'orders_365d' THEN value END) AS orders_365d,
    MAX(CASE WHEN feature = 'revenue_365d' THEN value END) AS revenue_365d,
    MAX(CASE WHEN feature = 'activity_28d' THEN value END) AS activity_28d,
    MAX(CASE WHEN feature = 'last_activity' AND value > 0 THEN value END) AS last_activity,
    MAX(CASE WHEN feature = 'messages_28d' THEN value END) AS messages_28d,
    MAX(CASE WHEN feature = 'opens_28d' THEN value END) AS opens_28d,
    MAX(CASE WHEN feature = 'clicks_28d' THEN value END) AS clicks_28d,
    MAX(CASE WHEN feature = 'messaged' THEN value END) AS messaged,
    MAX(CASE WHEN feature = 'opted_out' THEN value END) AS opted_out
  FROM lifecycle.fct_stage_sums
  GROUP BY ck, period
),
features AS (
  SELECT l.ck, l.period, t.attributes,
    g.end_day - l.last_order AS recency_days,
    g.end_day - o.first_day AS first_order_days,
    g.end_day - e.first_seen_day AS tenure_days,
    COALESCE(o.orders_total, 0) AS orders_total,
    COALESCE(s.orders_28d, 0) AS orders_28d,
    COALESCE(s.orders_90d, 0) AS orders_90d,
    COALESCE(s.orders_365d, 0) AS orders_365d,
    x_ratio(COALESCE(o.revenue_total_minor, 0), 100) AS revenue_total,
    x_ratio(COALESCE(s.revenue_365d, 0), 100) AS revenue_365d,
    x_ratio(o.revenue_total_minor, 100 * o.orders_total) AS avg_order_value,
    g.end_day - s.last_activity AS last_activity_days,
    COALESCE(s.activity_28d, 0) AS activity_28d,
    COALESCE(s.messages_28d, 0) AS messages_28d,
    COALESCE(s.opens_28d, 0) AS opens_28d,
    COALESCE(s.clicks_28d, 0) AS clicks_28d,
    CASE WHEN s.opted_out = 1 THEN FALSE WHEN s.messaged = 1 THEN TRUE END AS subscribed,
    q.median_gap_days,
    x_ratio(g.end_day - l.last_order, q.median_gap_days) AS overdue_ratio
  FROM looks l
  JOIN lifecycle.fct_grid g ON g.period = l.period
  JOIN entries e ON e.ck = l.ck
  JOIN core.customer_attributes t ON t.ck = l.ck
  LEFT JOIN lifecycle.fct_order_days o ON o.ck = l.ck AND o.day = l.last_order
  LEFT JOIN lifecycle.fct_order_gaps q ON q.ck = l.ck AND q.day = l.last_order
  LEFT JOIN sums s ON s.ck = l.ck AND s.period = l.period
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
