/*---
table: lifecycle.customer_periods
grain: [customer_id, period_start]
reads: [core.customers, core.periods, core.messages, lifecycle.fct_grid, lifecycle.fct_order_days, lifecycle.fct_activity_days, lifecycle.fct_stage_runs]
doc: >-
  Stage and features of every customer at the end of every complete period since he was first seen. A view: runs are spread over periods and
  features are computed when it is read, so filter by customer or period.
view: true
columns:
  - {name: customer_id, type: string, doc: "customer"}
  - {name: period_start, type: date, doc: "first day of the period in the business zone"}
  - {name: period, type: int64, unit: "1", doc: "number of the period"}
  - {name: stage, type: string, doc: "stage at the end of the period"}
  - {name: burn_in, type: bool, unit: "1", doc: "the rules look back to before the first loaded day: not in the matrix"}
  - {name: recency_days, type: int64, unit: "days", nullable: true, doc: "since the last order; NULL without orders"}
  - {name: first_order_days, type: int64, unit: "days", nullable: true, doc: "since the first order; NULL without orders"}
  - {name: tenure_days, type: int64, unit: "days", doc: "since the customer was first seen"}
  - {name: orders_total, type: int64, unit: "orders", doc: "orders so far"}
  - {name: orders_28d, type: int64, unit: "orders", doc: "orders in the 28 days before the end of the period"}
  - {name: orders_90d, type: int64, unit: "orders", doc: "orders in the 90 days before the end of the period"}
  - {name: orders_365d, type: int64, unit: "orders", doc: "orders in the 365 days before the end of the period"}
  - {name: revenue_total, type: float64, unit: "currency", doc: "value of the orders so far"}
  - {name: revenue_365d, type: float64, unit: "currency", doc: "value of the orders in the 365 days before the end of the period"}
  - {name: avg_order_value, type: float64, unit: "currency", nullable: true, doc: "revenue_total / orders_total; NULL without orders"}
  - {name: last_activity_days, type: int64, unit: "days", nullable: true, doc: "since the last activity event; NULL without one"}
  - {name: activity_28d, type: int64, unit: "events", doc: "activity events in the 28 days before the end of the period"}
  - {name: messages_28d, type: int64, unit: "messages", doc: "messages sent in the 28 days before the end of the period"}
  - {name: opens_28d, type: int64, unit: "messages", doc: "messages first opened in the 28 days before the end of the period, machine opens left out"}
  - {name: clicks_28d, type: int64, unit: "messages", doc: "messages first clicked in the 28 days before the end of the period, robots left out"}
  - {name: subscribed, type: bool, unit: "1", nullable: true, doc: "false after an unsubscribe or a complaint, else true once messaged; NULL when never messaged"}
  - {name: median_gap_days, type: float64, unit: "days", nullable: true, doc: "median of the gaps between consecutive order days so far; NULL with fewer than two"}
  - {name: overdue_ratio, type: float64, unit: "1", nullable: true, doc: "recency_days / median_gap_days"}
---*/
WITH grid AS (
  SELECT g.period, p.period_start, g.end_day, g.burn_in
  FROM lifecycle.fct_grid g JOIN core.periods p ON p.period = g.period
  WHERE g.in_panel
),
gaps AS (
  SELECT a.ck, a.day, a.number - 1 AS gaps, b.gap_days,
    ROW_NUMBER() OVER (PARTITION BY a.ck, a.day ORDER BY b.gap_days NULLS LAST, b.day NULLS LAST) AS place
  FROM lifecycle.fct_order_days a
  JOIN lifecycle.fct_order_days b ON b.ck = a.ck AND b.day <= a.day
  WHERE a.number > 1 AND b.number > 1
),
medians AS (
  SELECT ck, day, AVG(gap_days) AS median_gap_days
  FROM gaps
  WHERE place = x_idiv(gaps + 1, 2) OR place = x_idiv(gaps + 2, 2)
  GROUP BY ck, day
),
sent AS (
  SELECT m.ck, g.period, COUNT(*) AS n
  FROM core.messages m JOIN grid g ON m.sent_day >= g.end_day - 28 AND m.sent_day < g.end_day
  GROUP BY m.ck, g.period
),
opened AS (
  SELECT m.ck, g.period, COUNT(*) AS n
  FROM core.messages m JOIN grid g ON m.opened_day >= g.end_day - 28 AND m.opened_day < g.end_day
  WHERE NOT COALESCE(m.machine_open, FALSE)
  GROUP BY m.ck, g.period
),
clicked AS (
  SELECT m.ck, g.period, COUNT(*) AS n
  FROM core.messages m JOIN grid g ON m.clicked_day >= g.end_day - 28 AND m.clicked_day < g.end_day
  WHERE NOT COALESCE(m.bot_click, FALSE)
  GROUP BY m.ck, g.period
),
consent AS (
  SELECT ck, MIN(sent_day) AS first_sent,
    MIN(LEAST(COALESCE(unsubscribed_day, complained_day), COALESCE(complained_day, unsubscribed_day))) AS opted_out
  FROM core.messages
  GROUP BY ck
)
SELECT CAST(c.customer_id AS VARCHAR) AS customer_id, g.period_start, g.period, r.stage, g.burn_in,
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
  COALESCE(s.n, 0) AS messages_28d,
  COALESCE(w.n, 0) AS opens_28d,
  COALESCE(k.n, 0) AS clicks_28d,
  CASE WHEN t.opted_out < g.end_day THEN FALSE WHEN t.first_sent < g.end_day THEN TRUE END AS subscribed,
  q.median_gap_days,
  x_ratio(g.end_day - o.day, q.median_gap_days) AS overdue_ratio
FROM lifecycle.fct_stage_runs r
JOIN grid g ON g.period >= r.first_period AND g.period <= r.last_period
JOIN core.customers c ON c.ck = r.ck
LEFT JOIN lifecycle.fct_order_days o ON o.ck = r.ck AND o.day < g.end_day AND o.until_day >= g.end_day
LEFT JOIN lifecycle.fct_order_days o28 ON o28.ck = r.ck AND o28.day < g.end_day - 28 AND o28.until_day >= g.end_day - 28
LEFT JOIN lifecycle.fct_order_days o90 ON o90.ck = r.ck AND o90.day < g.end_day - 90 AND o90.until_day >= g.end_day - 90
LEFT JOIN lifecycle.fct_order_days o365 ON o365.ck = r.ck AND o365.day < g.end_day - 365 AND o365.until_day >= g.end_day - 365
LEFT JOIN lifecycle.fct_activity_days a ON a.ck = r.ck AND a.day < g.end_day AND a.until_day >= g.end_day
LEFT JOIN lifecycle.fct_activity_days a28 ON a28.ck = r.ck AND a28.day < g.end_day - 28 AND a28.until_day >= g.end_day - 28
LEFT JOIN medians q ON q.ck = r.ck AND q.day = o.day
LEFT JOIN sent s ON s.ck = r.ck AND s.period = g.period
LEFT JOIN opened w ON w.ck = r.ck AND w.period = g.period
LEFT JOIN clicked k ON k.ck = r.ck AND k.period = g.period
LEFT JOIN consent t ON t.ck = r.ck
