/*---
table: lifecycle.fct_stage_changes
grain: [ck, period]
reads: [core.customers, core.customer_attributes, core.stage_history, core.cfg_lifecycle, lifecycle.fct_grid, lifecycle.fct_panel, lifecycle.fct_days, lifecycle.fct_order_days, lifecycle.fct_order_gaps, lifecycle.fct_stage_looks]
doc: >-
  Periods in which the stage of a customer changes, his first one included, and his last complete period: the features at
  lifecycle.fct_stage_looks, the rules applied to them (x_stage), equal neighbours dropped. When a rule is dense, also in the periods up to
  the next look, of which those are kept whose stage differs from the period before. With recorded stages, the last one recorded before a period's end.
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
  SELECT l.ck, l.period, CASE WHEN c.dense THEN COALESCE(l.next_period, p.last_period + 1) - l.period ELSE 1 END AS periods, l.order_day, l.orders_28d,
    l.orders_90d, l.orders_365d, l.revenue_365d_minor, l.activity_day, l.activity_28d, l.messages_28d, l.opens_28d, l.clicks_28d, l.consent
  FROM lifecycle.fct_stage_looks l CROSS JOIN core.cfg_lifecycle c CROSS JOIN panel p
),
lengths AS (
  SELECT a.period - p.grid_first + 1 AS periods, b.period - p.grid_first AS later
  FROM lifecycle.fct_grid a
  CROSS JOIN panel p
  CROSS JOIN core.cfg_lifecycle c
  JOIN lifecycle.fct_grid b ON b.period <= a.period
  WHERE c.dense OR a.period = p.grid_first
),
known AS (
  SELECT l.ck, l.period + n.later AS period, n.later, e.first_seen_day, t.attributes, l.order_day AS last_order, o.first_day AS first_order,
    COALESCE(o.orders_total, 0) AS orders_total, COALESCE(l.orders_28d, 0) AS orders_28d, COALESCE(l.orders_90d, 0) AS orders_90d,
    COALESCE(l.orders_365d, 0) AS orders_365d,
    x_ratio(COALESCE(o.revenue_total_minor, 0), 100) AS revenue_total,
    x_ratio(COALESCE(l.revenue_365d_minor, 0), 100) AS revenue_365d,
    x_ratio(o.revenue_total_minor, 100 * o.orders_total) AS avg_order_value,
    l.activity_day AS last_activity, COALESCE(l.activity_28d, 0) AS activity_28d,
    COALESCE(l.messages_28d, 0) AS messages_28d, COALESCE(l.opens_28d, 0) AS opens_28d, COALESCE(l.clicks_28d, 0) AS clicks_28d,
    CASE WHEN l.consent = 2 THEN FALSE WHEN l.consent = 1 THEN TRUE END AS subscribed,
    q.median_gap_days
  FROM looks l
  JOIN lengths n ON n.periods = l.periods
  JOIN entries e ON e.ck = l.ck
  JOIN core.customer_attributes t ON t.ck = l.ck
  LEFT JOIN lifecycle.fct_order_days o ON o.ck = l.ck AND o.day = l.order_day
  LEFT JOIN lifecycle.fct_order_gaps q ON q.ck = l.ck AND q.day = l.order_day
  WHERE l.period >= e.period
),
ruled AS (
  SELECT k.ck, k.period, k.later,
    x_stage(g.end_day - k.last_order, g.end_day - k.first_order, g.end_day - k.first_seen_day, k.orders_total, k.orders_28d, k.orders_90d,
      k.orders_365d, k.revenue_total, k.revenue_365d, k.avg_order_value, g.end_day - k.last_activity, k.activity_28d, k.messages_28d, k.opens_28d,
      k.clicks_28d, k.subscribed, k.median_gap_days, x_ratio(g.end_day - k.last_order, k.median_gap_days), k.attributes) AS stage,
    CASE WHEN k.later > 0 THEN
      x_stage(g.start_day - k.last_order, g.start_day - k.first_order, g.start_day - k.first_seen_day, k.orders_total, k.orders_28d, k.orders_90d,
        k.orders_365d, k.revenue_total, k.revenue_365d, k.avg_order_value, g.start_day - k.last_activity, k.activity_28d, k.messages_28d, k.opens_28d,
        k.clicks_28d, k.subscribed, k.median_gap_days, x_ratio(g.start_day - k.last_order, k.median_gap_days), k.attributes) END AS before,
    CASE WHEN k.period = p.last_period THEN
      x_stage_mask(g.end_day - k.last_order, g.end_day - k.first_order, g.end_day - k.first_seen_day, k.orders_total, k.orders_28d, k.orders_90d,
        k.orders_365d, k.revenue_total, k.revenue_365d, k.avg_order_value, g.end_day - k.last_activity, k.activity_28d, k.messages_28d, k.opens_28d,
        k.clicks_28d, k.subscribed, k.median_gap_days, x_ratio(g.end_day - k.last_order, k.median_gap_days), k.attributes) END AS mask
  FROM known k
  JOIN lifecycle.fct_grid g ON g.period = k.period
  CROSS JOIN panel p
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
  SELECT ck, period, stage, mask FROM ruled WHERE later = 0 OR stage <> before
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
