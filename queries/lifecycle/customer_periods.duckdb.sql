SELECT CAST(c.customer_id AS VARCHAR) AS customer_id, p.period_start, g.period, r.stage, g.burn_in,
  g.end_day - o.day AS recency_days,
  g.end_day - o.first_day AS first_order_days,
  g.end_day - c.first_seen_day AS tenure_days,
  COALESCE(o.orders_total, 0) AS orders_total,
  COALESCE(o.orders_total, 0) - COALESCE(o28.orders_total, 0) AS orders_28d,
  COALESCE(o.orders_total, 0) - COALESCE(o90.orders_total, 0) AS orders_90d,
  COALESCE(o.orders_total, 0) - COALESCE(o365.orders_total, 0) AS orders_365d,
  x_ratio(COALESCE(o.revenue_total_minor, 0), 100) AS revenue_total,
  x_ratio(COALESCE(o.revenue_total_minor, 0) - COALESCE(o365.revenue_total_minor, 0), 100) AS revenue_365d,
  x_ratio(o.revenue_total_minor, 100 * o.orders_total) AS avg_order_value,
  g.end_day - a.day AS last_activity_days,
  COALESCE(a.events_total, 0) - COALESCE(a28.events_total, 0) AS activity_28d,
  (SELECT COUNT(*) FROM core.messages m WHERE m.ck = r.ck AND m.sent_day < g.end_day AND m.sent_day >= g.end_day - 28) AS messages_28d,
  (SELECT COUNT(*) FROM core.messages m WHERE m.ck = r.ck AND m.opened_day < g.end_day AND m.opened_day >= g.end_day - 28 AND NOT COALESCE(m.machine_open, FALSE)) AS opens_28d,
  (SELECT COUNT(*) FROM core.messages m WHERE m.ck = r.ck AND m.clicked_day < g.end_day AND m.clicked_day >= g.end_day - 28 AND NOT COALESCE(m.bot_click, FALSE)) AS clicks_28d,
  CASE
    WHEN (SELECT MIN(LEAST(m.unsubscribed_day, m.complained_day)) FROM core.messages m WHERE m.ck = r.ck) < g.end_day THEN FALSE
    WHEN (SELECT MIN(m.sent_day) FROM core.messages m WHERE m.ck = r.ck) < g.end_day THEN TRUE
  END AS subscribed,
  (SELECT MEDIAN(b.gap_days) FROM lifecycle.fct_order_days b WHERE b.ck = r.ck AND b.day < g.end_day) AS median_gap_days,
  x_ratio(g.end_day - o.day, (SELECT MEDIAN(b.gap_days) FROM lifecycle.fct_order_days b WHERE b.ck = r.ck AND b.day < g.end_day)) AS overdue_ratio
FROM lifecycle.fct_stage_runs r
JOIN lifecycle.fct_grid g ON g.in_panel AND g.period >= r.first_period AND g.period <= r.last_period
JOIN core.periods p ON p.period = g.period
JOIN core.customers c ON c.ck = r.ck
LEFT JOIN lifecycle.fct_order_days o ON o.ck = r.ck AND o.day < g.end_day AND o.until_day >= g.end_day
LEFT JOIN lifecycle.fct_order_days o28 ON o28.ck = r.ck AND o28.day < g.end_day - 28 AND o28.until_day >= g.end_day - 28
LEFT JOIN lifecycle.fct_order_days o90 ON o90.ck = r.ck AND o90.day < g.end_day - 90 AND o90.until_day >= g.end_day - 90
LEFT JOIN lifecycle.fct_order_days o365 ON o365.ck = r.ck AND o365.day < g.end_day - 365 AND o365.until_day >= g.end_day - 365
LEFT JOIN lifecycle.fct_activity_days a ON a.ck = r.ck AND a.day < g.end_day AND a.until_day >= g.end_day
LEFT JOIN lifecycle.fct_activity_days a28 ON a28.ck = r.ck AND a28.day < g.end_day - 28 AND a28.until_day >= g.end_day - 28
