/*---
table: segments.fct_rule_features
grain: [ck]
reads: [core.customers, core.messages, lifecycle.fct_activity_days, lifecycle.fct_order_days, lifecycle.fct_panel, segments.fct_segments, segments.fct_stays]
doc: >-
  The features of stage rules at the end of the last complete period, of the members of segments that have a rule of their own: what lifecycle.customer_periods says of
  them, made for many customers and one period. Empty when no segment has a rule.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: recency_days, type: int64, unit: "days", nullable: true, doc: "since the last order; NULL without orders"}
  - {name: first_order_days, type: int64, unit: "days", nullable: true, doc: "since the first order"}
  - {name: tenure_days, type: int64, unit: "days", doc: "since the customer was first seen"}
  - {name: orders_total, type: int64, unit: "orders", doc: "orders so far"}
  - {name: orders_28d, type: int64, unit: "orders", doc: "orders in 28 days"}
  - {name: orders_90d, type: int64, unit: "orders", doc: "orders in 90 days"}
  - {name: orders_365d, type: int64, unit: "orders", doc: "orders in 365 days"}
  - {name: revenue_total, type: float64, unit: "currency", doc: "value of the orders so far"}
  - {name: revenue_365d, type: float64, unit: "currency", doc: "value of the orders in 365 days"}
  - {name: avg_order_value, type: float64, unit: "currency", nullable: true, doc: "revenue_total / orders_total"}
  - {name: last_activity_days, type: int64, unit: "days", nullable: true, doc: "since the last activity event"}
  - {name: activity_28d, type: int64, unit: "events", doc: "activity events in 28 days"}
  - {name: messages_28d, type: int64, unit: "messages", doc: "messages sent in 28 days"}
  - {name: opens_28d, type: int64, unit: "messages", doc: "messages first opened in 28 days, machine opens left out"}
  - {name: clicks_28d, type: int64, unit: "messages", doc: "messages first clicked in 28 days, robots left out"}
  - {name: subscribed, type: bool, unit: "1", nullable: true, doc: "false after an unsubscribe or a complaint, else true once messaged"}
  - {name: median_gap_days, type: float64, unit: "days", nullable: true, doc: "median of the gaps between order days so far"}
  - {name: overdue_ratio, type: float64, unit: "1", nullable: true, doc: "recency_days / median_gap_days"}
---*/
WITH who AS (
  SELECT s.ck, p.end_day
  FROM segments.fct_stays s
  JOIN lifecycle.fct_panel p ON s.last_period = p.last_period
  JOIN segments.fct_segments g ON g.gk = s.gk
  WHERE g.has_rule
  GROUP BY s.ck, p.end_day
),
orders AS (
  SELECT w.ck, MIN(o.day) AS first_day, MAX(o.day) AS last_day, SUM(o.orders) AS orders_total, SUM(CASE WHEN o.day >= w.end_day - 28 THEN o.orders ELSE 0 END) AS orders_28d,
    SUM(CASE WHEN o.day >= w.end_day - 90 THEN o.orders ELSE 0 END) AS orders_90d, SUM(CASE WHEN o.day >= w.end_day - 365 THEN o.orders ELSE 0 END) AS orders_365d,
    SUM(o.revenue_minor) AS minor, SUM(CASE WHEN o.day >= w.end_day - 365 THEN o.revenue_minor ELSE 0 END) AS minor_365d,
    CAST(x_median(CASE WHEN o.number > 1 THEN o.gap_days END) AS DOUBLE) AS median_gap_days
  FROM who w JOIN lifecycle.fct_order_days o ON o.ck = w.ck
  WHERE o.day < w.end_day
  GROUP BY w.ck
),
activity AS (
  SELECT w.ck, MAX(a.day) AS last_day, SUM(CASE WHEN a.day >= w.end_day - 28 THEN a.events ELSE 0 END) AS activity_28d
  FROM who w JOIN lifecycle.fct_activity_days a ON a.ck = w.ck
  WHERE a.day < w.end_day
  GROUP BY w.ck
),
messages AS (
  SELECT w.ck, MIN(m.sent_day) AS first_sent, MIN(LEAST(COALESCE(m.unsubscribed_day, m.complained_day), COALESCE(m.complained_day, m.unsubscribed_day))) AS opted_out,
    SUM(CASE WHEN m.sent_day >= w.end_day - 28 AND m.sent_day < w.end_day THEN 1 ELSE 0 END) AS messages_28d,
    SUM(CASE WHEN m.opened_day >= w.end_day - 28 AND m.opened_day < w.end_day AND NOT COALESCE(m.machine_open, FALSE) THEN 1 ELSE 0 END) AS opens_28d,
    SUM(CASE WHEN m.clicked_day >= w.end_day - 28 AND m.clicked_day < w.end_day AND NOT COALESCE(m.bot_click, FALSE) THEN 1 ELSE 0 END) AS clicks_28d
  FROM who w JOIN core.messages m ON m.ck = w.ck
  GROUP BY w.ck
)
SELECT CAST(w.ck AS BIGINT) AS ck, CAST(w.end_day - o.last_day AS BIGINT) AS recency_days, CAST(w.end_day - o.first_day AS BIGINT) AS first_order_days,
  CAST(w.end_day - c.first_seen_day AS BIGINT) AS tenure_days,
  CAST(COALESCE(o.orders_total, 0) AS BIGINT) AS orders_total, CAST(COALESCE(o.orders_28d, 0) AS BIGINT) AS orders_28d, CAST(COALESCE(o.orders_90d, 0) AS BIGINT) AS orders_90d,
  CAST(COALESCE(o.orders_365d, 0) AS BIGINT) AS orders_365d,
  x_ratio(COALESCE(o.minor, 0), 100) AS revenue_total, x_ratio(COALESCE(o.minor_365d, 0), 100) AS revenue_365d, x_ratio(o.minor, 100 * o.orders_total) AS avg_order_value,
  CAST(w.end_day - a.last_day AS BIGINT) AS last_activity_days, CAST(COALESCE(a.activity_28d, 0) AS BIGINT) AS activity_28d,
  CAST(COALESCE(m.messages_28d, 0) AS BIGINT) AS messages_28d, CAST(COALESCE(m.opens_28d, 0) AS BIGINT) AS opens_28d, CAST(COALESCE(m.clicks_28d, 0) AS BIGINT) AS clicks_28d,
  CASE WHEN m.opted_out < w.end_day THEN FALSE WHEN m.first_sent < w.end_day THEN TRUE END AS subscribed,
  o.median_gap_days, x_ratio(w.end_day - o.last_day, o.median_gap_days) AS overdue_ratio
FROM who w
JOIN core.customers c ON c.ck = w.ck
LEFT JOIN orders o ON o.ck = w.ck
LEFT JOIN activity a ON a.ck = w.ck
LEFT JOIN messages m ON m.ck = w.ck
