/*---
table: scenarios.fct_trial_points
block: effects
grain: [ck, day]
reads: [core.calendar, core.customers, core.messages, lifecycle.fct_activity_days, lifecycle.fct_order_days, scenarios.fct_stage_days, scenarios.fct_trial_entries,
  scenarios.fct_trial_sample, scenarios.fct_trial_scenarios, scenarios.fct_trial_starts]
doc: >-
  Customers at a possible time zero, with what was known of them before that day, in bins. The points are entries, trigger events, and a panel of sampled customers with one day in every seven (and every
  batch weekday of a scenario): comparators come from the panel. The bins look back 210 days at most, so that older orders are free to serve as a placebo. Who has unsubscribed before is not here.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "time zero; only what lies before it is in the bins"}
  - {name: panel, type: bool, unit: "1", doc: "may be a comparator"}
  - {name: st, type: int64, unit: "1", doc: "stage in force, scenarios.fct_stages.st"}
  - {name: age, type: int64, unit: "1", doc: "days in the stage within the panel: 0 below 28, 1 below 84, 2 more"}
  - {name: recency, type: int64, unit: "1", doc: "days since the last order: 0 below 7, 1 below 14, 2 below 21, 3 below 28, 4 below 42, 5 below 56, 6 below 70, 7 below 91, 8 below 119, 9 below 147, 10 below 175, 11 up to 210, 12 none in 210 days"}
  - {name: recency_days, type: int64, unit: "days", doc: "days since the last order, 100000 when there is none"}
  - {name: tenure_days, type: int64, unit: "days", doc: "days since first seen"}
  - {name: tenure, type: int64, unit: "1", doc: "the same in bins: 0 below 7, 1 below 28, 2 below 91, 3 more"}
  - {name: orders, type: int64, unit: "1", doc: "orders of the last 210 days: 0 to 3, 4 for 4 to 6, 5 for more"}
  - {name: worth, type: int64, unit: "1", doc: "their mean value: 0 no orders, 1 below the mean of all orders, 2 not below"}
  - {name: phase, type: int64, unit: "1", doc: "days since the last order beside the mean gap of the order days of the last 210 days: 0 fewer than two order days, 1 below three quarters of a gap, 2 below one and a half, 3 more"}
  - {name: engagement, type: int64, unit: "1", doc: "activity events of the last 28 days: 0, 1 for 1 to 3, 2 for more"}
  - {name: pressure, type: int64, unit: "1", doc: "messages sent in the last 28 days: 0, 1 for 1 to 3, 2 for 4 to 8, 3 for more"}
---*/
WITH days AS (
  SELECT c.day, c.week_start_day, c.weekday, MAX(CASE WHEN s.weekday IS NULL THEN 0 ELSE 1 END) AS batch
  FROM core.calendar c
  JOIN scenarios.fct_trial_sample z ON c.day >= z.from_day AND c.day < z.to_day
  LEFT JOIN scenarios.fct_trial_scenarios s ON s.trial AND s.weekday = c.weekday
  GROUP BY c.day, c.week_start_day, c.weekday
),
sampled AS (
  SELECT c.ck, c.first_seen_day
  FROM core.customers c CROSS JOIN scenarios.fct_trial_sample z
  WHERE c.ck * 2654435761 - 4294967296 * x_idiv(c.ck * 2654435761, 4294967296) < x_idiv(4294967296, z.every)
),
offsets AS (
  SELECT s.ck, s.first_seen_day, d.day, d.batch, d.weekday, (s.ck + d.week_start_day) * 2246822519 AS mixed
  FROM sampled s CROSS JOIN days d
  WHERE s.first_seen_day <= d.day
),
panel AS (
  SELECT ck, day FROM offsets WHERE batch = 1 OR weekday - 1 = x_idiv(7 * (mixed - 4294967296 * x_idiv(mixed, 4294967296)), 4294967296)
),
together AS (
  SELECT p.ck, p.day, MAX(p.panel) AS panel
  FROM (
    SELECT ck, day, 1 AS panel FROM panel
    UNION ALL
    SELECT ck, day, 0 FROM scenarios.fct_trial_entries
    UNION ALL
    SELECT ck, day, 0 FROM scenarios.fct_trial_starts
  ) p
  GROUP BY p.ck, p.day
),
people AS (
  SELECT ck FROM together GROUP BY ck
),
mails AS (
  SELECT m.ck, m.sent_day AS day, COUNT(*) AS n, MIN(m.unsubscribed_day) AS unsubscribed_day FROM core.messages m JOIN people p ON p.ck = m.ck GROUP BY m.ck, m.sent_day
),
gone AS (
  SELECT ck, MIN(unsubscribed_day) AS day FROM mails WHERE unsubscribed_day IS NOT NULL GROUP BY ck
),
staged AS (
  SELECT p.ck, s.bucket, p.day, p.panel, s.st, p.day - s.from_day AS age_days, p.day - c.first_seen_day AS tenure_days
  FROM together p
  JOIN scenarios.fct_stage_days s ON s.ck = p.ck AND s.from_day <= p.day AND s.to_day > p.day
  JOIN core.customers c ON c.ck = p.ck
  LEFT JOIN gone g ON g.ck = p.ck AND g.day < p.day
  WHERE g.ck IS NULL
),
ordered AS (
  SELECT p.ck, p.day, SUM(o.orders) AS orders, SUM(o.revenue_minor) AS revenue_minor,
    COUNT(*) - 1 AS gaps, MAX(o.day) - MIN(o.day) AS gap_days
  FROM together p JOIN lifecycle.fct_order_days o ON o.ck = p.ck AND o.day < p.day AND o.day >= p.day - 210
  GROUP BY p.ck, p.day
),
lasts AS (
  SELECT p.ck, p.day, p.day - o.day AS recency_days
  FROM together p JOIN lifecycle.fct_order_days o ON o.ck = p.ck AND o.day < p.day AND o.until_day >= p.day
),
everybody AS (
  SELECT CAST(COALESCE(SUM(orders), 0) AS BIGINT) AS orders, CAST(COALESCE(SUM(revenue_minor), 0) AS BIGINT) AS revenue_minor FROM lifecycle.fct_order_days
),
acted AS (
  SELECT p.ck, p.day, SUM(a.events) AS events
  FROM together p JOIN lifecycle.fct_activity_days a ON a.ck = p.ck AND a.day < p.day AND a.day >= p.day - 28
  GROUP BY p.ck, p.day
),
pressed AS (
  SELECT p.ck, p.day, SUM(m.n) AS messages
  FROM together p JOIN mails m ON m.ck = p.ck AND m.day < p.day AND m.day >= p.day - 28
  GROUP BY p.ck, p.day
),
known AS (
  SELECT s.ck, s.bucket, s.day, s.panel, s.st, s.age_days, s.tenure_days, COALESCE(r.recency_days, 100000) AS recency_days, CAST(COALESCE(o.orders, 0) AS BIGINT) AS orders,
    CASE WHEN o.orders IS NULL THEN 0 WHEN CAST(o.revenue_minor AS BIGINT) * e.orders < e.revenue_minor * CAST(o.orders AS BIGINT) THEN 1 ELSE 2 END AS worth,
    COALESCE(o.gaps, 0) AS gaps, COALESCE(o.gap_days, 0) AS gap_days, COALESCE(a.events, 0) AS events, COALESCE(m.messages, 0) AS messages
  FROM staged s
  LEFT JOIN ordered o ON o.ck = s.ck AND o.day = s.day
  LEFT JOIN lasts r ON r.ck = s.ck AND r.day = s.day
  LEFT JOIN acted a ON a.ck = s.ck AND a.day = s.day
  LEFT JOIN pressed m ON m.ck = s.ck AND m.day = s.day
  CROSS JOIN everybody e
)
SELECT ck, bucket, day, panel = 1 AS panel, st,
  CASE WHEN age_days < 28 THEN 0 WHEN age_days < 84 THEN 1 ELSE 2 END AS age,
  CASE WHEN recency_days < 7 THEN 0 WHEN recency_days < 14 THEN 1 WHEN recency_days < 21 THEN 2 WHEN recency_days < 28 THEN 3 WHEN recency_days < 42 THEN 4
    WHEN recency_days < 56 THEN 5 WHEN recency_days < 70 THEN 6 WHEN recency_days < 91 THEN 7 WHEN recency_days < 119 THEN 8 WHEN recency_days < 147 THEN 9
    WHEN recency_days < 175 THEN 10 WHEN recency_days < 211 THEN 11 ELSE 12 END AS recency,
  CAST(recency_days AS INTEGER) AS recency_days, CAST(tenure_days AS INTEGER) AS tenure_days,
  CASE WHEN tenure_days < 7 THEN 0 WHEN tenure_days < 28 THEN 1 WHEN tenure_days < 91 THEN 2 ELSE 3 END AS tenure,
  CASE WHEN orders < 4 THEN CAST(orders AS INTEGER) WHEN orders < 7 THEN 4 ELSE 5 END AS orders,
  worth,
  CASE WHEN gaps = 0 THEN 0 WHEN 4 * recency_days * gaps < 3 * gap_days THEN 1 WHEN 2 * recency_days * gaps < 3 * gap_days THEN 2 ELSE 3 END AS phase,
  CASE WHEN events = 0 THEN 0 WHEN events < 4 THEN 1 ELSE 2 END AS engagement,
  CASE WHEN messages = 0 THEN 0 WHEN messages < 4 THEN 1 WHEN messages < 9 THEN 2 ELSE 3 END AS pressure
FROM known
