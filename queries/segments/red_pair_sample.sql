/*---
table: segments.red_pair_sample
block: pairs
grain: [person]
reads: [core.customers, core.messages, lifecycle.fct_activity_days, segments.fct_pair_customers, segments.red_pair_sample_members, segments.red_pair_window]
doc: >-
  Features of sampled members on the day before the last window, for the distances between segments: the one place where numbers of single customers leave the engine, without
  their ids. NULL is "never".
max_rows: 250000
columns:
  - {name: person, type: int64, unit: "1", doc: "number of the customer"}
  - {name: recency_days, type: int64, unit: "days", nullable: true, doc: "since the last order"}
  - {name: orders, type: int64, unit: "orders", doc: "so far"}
  - {name: revenue_minor, type: int64, unit: "minor currency units", doc: "their value"}
  - {name: tenure_days, type: int64, unit: "days", doc: "since he was first seen"}
  - {name: inactive_days, type: int64, unit: "days", nullable: true, doc: "since the last activity event"}
  - {name: activities, type: int64, unit: "events", doc: "activity events so far"}
  - {name: messages_90d, type: int64, unit: "messages", doc: "sent to him in the 90 days before"}
  - {name: clicks_90d, type: int64, unit: "messages", doc: "of them clicked before the window, robots left out"}
---*/
WITH persons AS (
  SELECT person FROM segments.red_pair_sample_members GROUP BY person
),
sent AS (
  SELECT m.ck, COUNT(*) AS messages, COUNT(CASE WHEN m.clicked_day <= w.day AND NOT COALESCE(m.bot_click, FALSE) THEN 1 END) AS clicks
  FROM core.messages m JOIN persons p ON p.person = m.ck JOIN segments.red_pair_window w ON w.number = 1
  WHERE m.sent_day > w.day - 90 AND m.sent_day <= w.day
  GROUP BY m.ck
)
SELECT p.person, w.day + 1 - c.last_order_day AS recency_days, c.orders_before AS orders, c.revenue_before_minor AS revenue_minor, w.day + 1 - k.first_seen_day AS tenure_days,
  w.day + 1 - a.day AS inactive_days, COALESCE(a.events_total, 0) AS activities, COALESCE(s.messages, 0) AS messages_90d, COALESCE(s.clicks, 0) AS clicks_90d
FROM persons p
JOIN segments.red_pair_window w ON w.number = 1
JOIN segments.fct_pair_customers c ON c.ck = p.person AND c.last = 1
JOIN core.customers k ON k.ck = p.person
LEFT JOIN lifecycle.fct_activity_days a ON a.ck = p.person AND a.day <= w.day AND a.until_day > w.day
LEFT JOIN sent s ON s.ck = p.person
