-- Every input is folded into one row of lists per customer, joined once, and spread over his periods; a feature is then an expression over
-- lists, so the features that nobody selects are not computed and nothing is as long as customers x periods except the answer, which streams.
-- These shapes are there for the plan (look at it with EXPLAIN ANALYZE before changing one):
--   * The lists are grouped and joined by customer_id, not ck. A literal customer_id is then copied to every side of the left joins and goes
--     through GROUP BY and the join with core.customers down to the scans of the facts as a filter on ck.
--   * Customers come first and everything else is left joined: what a subquery finds (customer_id IN (SELECT ...)) reaches their scan.
--   * Periods are unnested and the grid is left joined, although each period has its row in it. A range join would sort the lists, and an
--     inner one is estimated at a few rows, which turns the join with such a subquery around.
WITH grid AS (
  SELECT g.period, p.period_start, g.end_day, g.burn_in
  FROM lifecycle.fct_grid g LEFT JOIN core.periods p ON p.period = g.period
  WHERE g.in_panel
),
runs AS (
  SELECT c.customer_id, list(struct_pack(stage := r.stage, first_period := r.first_period, last_period := r.last_period)) AS runs
  FROM lifecycle.fct_stage_runs r JOIN core.customers c ON c.ck = r.ck
  GROUP BY c.customer_id
),
order_lists AS (
  SELECT c.customer_id, MIN(o.day) AS first_day,
    list_sort(list(struct_pack(day := o.day, orders_total := o.orders_total, minor := o.revenue_total_minor, gap_days := o.gap_days))) AS totals
  FROM lifecycle.fct_order_days o JOIN core.customers c ON c.ck = o.ck
  GROUP BY c.customer_id
),
order_days AS (
  SELECT customer_id, first_day, totals, list_transform(totals, lambda t: t.day) AS days, list_transform(totals, lambda t: t.gap_days) AS gaps
  FROM order_lists
),
orders AS (
  SELECT customer_id, first_day, totals, days, list_transform(days, lambda d, i: list_median(gaps[1:i])) AS medians
  FROM order_days
),
activity_lists AS (
  SELECT c.customer_id, list_sort(list(struct_pack(day := a.day, events_total := a.events_total))) AS totals
  FROM lifecycle.fct_activity_days a JOIN core.customers c ON c.ck = a.ck
  GROUP BY c.customer_id
),
activity AS (
  SELECT customer_id, totals, list_transform(totals, lambda t: t.day) AS days
  FROM activity_lists
),
messages AS (
  SELECT c.customer_id, MIN(m.sent_day) AS first_sent, MIN(LEAST(m.unsubscribed_day, m.complained_day)) AS opted_out,
    list(m.sent_day) FILTER (m.sent_day IS NOT NULL) AS sent,
    list(m.opened_day) FILTER (m.opened_day IS NOT NULL AND NOT COALESCE(m.machine_open, FALSE)) AS opened,
    list(m.clicked_day) FILTER (m.clicked_day IS NOT NULL AND NOT COALESCE(m.bot_click, FALSE)) AS clicked
  FROM core.messages m JOIN core.customers c ON c.ck = m.ck
  GROUP BY c.customer_id
),
stays AS (
  SELECT c.customer_id, c.first_seen_day, unnest(r.runs) AS run, o.first_day, o.days, o.totals, o.medians, a.days AS active_days, a.totals AS active_totals,
    m.first_sent, m.opted_out, m.sent, m.opened, m.clicked
  FROM core.customers c
  LEFT JOIN runs r ON r.customer_id = c.customer_id
  LEFT JOIN orders o ON o.customer_id = c.customer_id
  LEFT JOIN activity a ON a.customer_id = c.customer_id
  LEFT JOIN messages m ON m.customer_id = c.customer_id
),
places AS (
  SELECT * EXCLUDE (run), run.stage AS stage, unnest(range(run.first_period, run.last_period + 1)) AS period
  FROM stays
),
ends AS (
  SELECT s.customer_id, g.period_start, g.period, s.stage, g.burn_in, g.end_day, s.first_seen_day,
    s.first_day, s.totals, s.medians, s.active_totals, s.first_sent, s.opted_out, s.sent, s.opened, s.clicked,
    len(list_filter(s.days, lambda d: d < g.end_day)) AS n,
    len(list_filter(s.days, lambda d: d < g.end_day - 28)) AS n28,
    len(list_filter(s.days, lambda d: d < g.end_day - 90)) AS n90,
    len(list_filter(s.days, lambda d: d < g.end_day - 365)) AS n365,
    len(list_filter(s.active_days, lambda d: d < g.end_day)) AS k,
    len(list_filter(s.active_days, lambda d: d < g.end_day - 28)) AS k28
  FROM places s
  LEFT JOIN grid g ON g.period = s.period
)
SELECT CAST(customer_id AS VARCHAR) AS customer_id, period_start, period, stage, burn_in,
  end_day - totals[n].day AS recency_days,
  CASE WHEN n > 0 THEN end_day - first_day END AS first_order_days,
  end_day - first_seen_day AS tenure_days,
  COALESCE(totals[n].orders_total, 0) AS orders_total,
  COALESCE(totals[n].orders_total, 0) - COALESCE(totals[n28].orders_total, 0) AS orders_28d,
  COALESCE(totals[n].orders_total, 0) - COALESCE(totals[n90].orders_total, 0) AS orders_90d,
  COALESCE(totals[n].orders_total, 0) - COALESCE(totals[n365].orders_total, 0) AS orders_365d,
  x_ratio(COALESCE(totals[n].minor, 0), 100) AS revenue_total,
  x_ratio(COALESCE(totals[n].minor, 0) - COALESCE(totals[n365].minor, 0), 100) AS revenue_365d,
  x_ratio(totals[n].minor, 100 * totals[n].orders_total) AS avg_order_value,
  end_day - active_totals[k].day AS last_activity_days,
  COALESCE(active_totals[k].events_total, 0) - COALESCE(active_totals[k28].events_total, 0) AS activity_28d,
  COALESCE(len(list_filter(sent, lambda d: d < end_day AND d >= end_day - 28)), 0) AS messages_28d,
  COALESCE(len(list_filter(opened, lambda d: d < end_day AND d >= end_day - 28)), 0) AS opens_28d,
  COALESCE(len(list_filter(clicked, lambda d: d < end_day AND d >= end_day - 28)), 0) AS clicks_28d,
  CASE WHEN opted_out < end_day THEN FALSE WHEN first_sent < end_day THEN TRUE END AS subscribed,
  medians[n] AS median_gap_days,
  x_ratio(end_day - totals[n].day, medians[n]) AS overdue_ratio
FROM ends
