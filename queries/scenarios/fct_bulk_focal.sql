/*---
table: scenarios.fct_bulk_focal
block: contact
grain: [mk]
reads: [core.cfg_audit, core.messages, core.orders, scenarios.fct_contact_sample, scenarios.fct_contact_scenarios, scenarios.fct_contact_stages, scenarios.fct_opt_outs, scenarios.fct_window, scenarios.red_contact_channels]
doc: >-
  Bulk messages of the audited window with the bulk messages before and after them, for the customers of the sample: the rows from which fatigue is estimated. Only
  calendar messages count as pressure, because triggered ones follow what the customer does. At least 42 days of history lie before and 7 days of data
  after each; none follows the customer's unsubscribe from the channel. Messages of one second follow neither each other.
columns:
  - {name: mk, type: int64, unit: "1", doc: "message, core.messages.mk"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: panel, type: bool, unit: "1", doc: "in the sample of scenarios.red_fe"}
  - {name: ch, type: int64, unit: "1", doc: "channel key"}
  - {name: st, type: int64, unit: "1", doc: "stage key of the day; 0 where no stage is known"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key; 0 for messages of none"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day sent"}
  - {name: week, type: int64, unit: "1", doc: "weeks since Monday 1970-01-05"}
  - {name: bulk_7d, type: int64, unit: "messages", doc: "bulk messages in the 7 days before"}
  - {name: bulk_28d, type: int64, unit: "messages", doc: "bulk messages 8 to 28 days before"}
  - {name: bulk_next_7d, type: int64, unit: "messages", doc: "bulk messages in the 7 days after: the placebo"}
  - {name: bulk_next_8_14d, type: int64, unit: "messages", doc: "bulk messages 8 to 14 days after: the placebo of orders, beyond the time in which they are counted"}
  - {name: bulk_next_8_9d, type: int64, unit: "messages", doc: "bulk messages on days 8 and 9 after: the placebo of orders on the seventh day"}
  - {name: bulk_5w, type: int64, unit: "messages", doc: "bulk messages 36 to 42 days before: the negative control"}
  - {name: collided, type: bool, unit: "1", doc: "another bulk message less than collision_seconds before, in any channel"}
  - {name: collided_5w, type: bool, unit: "1", doc: "the same of the moment five weeks earlier: a bulk message less than collision_seconds before it; the negative control of collided"}
  - {name: opened, type: bool, unit: "1", doc: "opened within 7 days, machine opens left out"}
  - {name: clicked, type: bool, unit: "1", doc: "clicked within 7 days, robots left out"}
  - {name: unsubscribed, type: bool, unit: "1", doc: "unsubscribed through it within 7 days"}
  - {name: complained, type: bool, unit: "1", doc: "complained about it within 7 days"}
  - {name: ordered, type: bool, unit: "1", doc: "the customer ordered within 7 days after it (core.orders: less what was returned or cancelled)"}
  - {name: ordered_7th, type: bool, unit: "1", doc: "the customer ordered on the seventh day after it, the last 24 hours of ordered"}
  - {name: ripe, type: bool, unit: "1", doc: "14 days of data after it: ordered and bulk_next_8_14d can be known"}
  - {name: score, type: int64, unit: "percent", doc: "engagement: share of the bulk messages sent at least 7 days before that were opened or clicked, (responses + 1) / (messages + 2)"}
---*/
WITH bulk AS (
  SELECT m.mk, m.ck, p.bucket, p.panel, h.ch, COALESCE(s.sk, 0) AS sk, x_sec(m.sent_at) AS t, m.sent_day,
    CASE WHEN x_sec(m.opened_at) - x_sec(m.sent_at) <= 604800 AND NOT COALESCE(m.machine_open, FALSE)
      AND NOT COALESCE(x_sec(m.opened_at) - x_sec(m.delivered_at) BETWEEN 0 AND 4, FALSE) THEN 1 ELSE 0 END AS opened,
    CASE WHEN x_sec(m.clicked_at) - x_sec(m.sent_at) <= 604800 AND NOT COALESCE(m.bot_click, FALSE) THEN 1 ELSE 0 END AS clicked,
    COALESCE(x_sec(m.unsubscribed_at) - x_sec(m.sent_at) <= 604800, FALSE) AS unsubscribed,
    COALESCE(x_sec(m.complained_at) - x_sec(m.sent_at) <= 604800, FALSE) AS complained
  FROM core.messages m
  JOIN scenarios.fct_contact_sample p ON p.ck = m.ck
  JOIN scenarios.red_contact_channels h ON h.channel = m.channel
  LEFT JOIN scenarios.fct_contact_scenarios s ON s.scenario_id = m.scenario_id
  WHERE m.sent_at IS NOT NULL AND (m.kind = 'bulk' OR m.kind IS NULL AND m.campaign_id IS NOT NULL AND NOT COALESCE(s.enrolled, FALSE))
),
-- Orders stand among the messages of the customer, so that one window counts both; what an order lacks is NULL.
moments AS (
  SELECT x_nul(mk) AS mk, x_nul(t) AS sent, CAST(NULL AS INTEGER) AS orders, ck, bucket, panel, ch, sk, t, sent_day, opened, clicked, unsubscribed, complained FROM bulk
  UNION ALL
  SELECT CAST(NULL AS BIGINT), CAST(NULL AS INTEGER), 1, o.ck, p.bucket, p.panel, 0, 0, x_sec(o.occurred_at), o.day, 0, 0, FALSE, FALSE
  FROM core.orders o
  JOIN scenarios.fct_contact_sample p ON p.ck = o.ck
  CROSS JOIN scenarios.fct_window w
  WHERE o.day >= w.from_day
),
counted AS (
  SELECT mk, ck, bucket, panel, ch, sk, t, sent_day, opened, clicked, unsubscribed, complained,
    COUNT(mk) OVER (PARTITION BY ck ORDER BY t NULLS LAST RANGE BETWEEN 604800 PRECEDING AND 1 PRECEDING) AS bulk_7d,
    COUNT(mk) OVER (PARTITION BY ck ORDER BY t NULLS LAST RANGE BETWEEN 2419200 PRECEDING AND 604801 PRECEDING) AS bulk_28d,
    COUNT(mk) OVER (PARTITION BY ck ORDER BY t NULLS LAST RANGE BETWEEN 1 FOLLOWING AND 604800 FOLLOWING) AS bulk_next_7d,
    COUNT(mk) OVER (PARTITION BY ck ORDER BY t NULLS LAST RANGE BETWEEN 604801 FOLLOWING AND 1209600 FOLLOWING) AS bulk_next_8_14d,
    COUNT(mk) OVER (PARTITION BY ck ORDER BY t NULLS LAST RANGE BETWEEN 604801 FOLLOWING AND 777600 FOLLOWING) AS bulk_next_8_9d,
    COUNT(mk) OVER (PARTITION BY ck ORDER BY t NULLS LAST RANGE BETWEEN 3628800 PRECEDING AND 3024001 PRECEDING) AS bulk_5w,
    t - MAX(sent) OVER (PARTITION BY ck ORDER BY t NULLS LAST RANGE BETWEEN 604800 PRECEDING AND 1 PRECEDING) AS since,
    t - 3024000 - MAX(sent) OVER (PARTITION BY ck ORDER BY t NULLS LAST RANGE BETWEEN 3628800 PRECEDING AND 3024001 PRECEDING) AS since_5w,
    COUNT(orders) OVER (PARTITION BY ck ORDER BY t NULLS LAST RANGE BETWEEN 1 FOLLOWING AND 604800 FOLLOWING) AS orders,
    COUNT(orders) OVER (PARTITION BY ck ORDER BY t NULLS LAST RANGE BETWEEN 518401 FOLLOWING AND 604800 FOLLOWING) AS orders_7th,
    COUNT(mk) OVER (PARTITION BY ck ORDER BY t NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND 604801 PRECEDING) AS messages_before,
    COALESCE(SUM(GREATEST(opened, clicked)) OVER (PARTITION BY ck ORDER BY t NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND 604801 PRECEDING), 0) AS responses_before
  FROM moments
)
SELECT b.mk, b.ck, b.bucket, b.panel, b.ch, z.st, b.sk, b.sent_day AS day, CAST(x_idiv(b.sent_day - 4, 7) AS INTEGER) AS week, CAST(b.bulk_7d AS INTEGER) AS bulk_7d,
  CAST(b.bulk_28d AS INTEGER) AS bulk_28d, CAST(b.bulk_next_7d AS INTEGER) AS bulk_next_7d, CAST(b.bulk_next_8_14d AS INTEGER) AS bulk_next_8_14d, CAST(b.bulk_next_8_9d AS INTEGER) AS bulk_next_8_9d, CAST(b.bulk_5w AS INTEGER) AS bulk_5w,
  COALESCE(b.since < a.collision_seconds, FALSE) AS collided, COALESCE(b.since_5w < a.collision_seconds, FALSE) AS collided_5w,
  b.opened = 1 AS opened, b.clicked = 1 AS clicked, b.unsubscribed, b.complained, b.orders > 0 AS ordered, b.orders_7th > 0 AS ordered_7th, b.sent_day + 15 <= w.end_day AS ripe,
  CAST(x_idiv(100 * (b.responses_before + 1), b.messages_before + 2) AS INTEGER) AS score
FROM counted b
CROSS JOIN scenarios.fct_window w
CROSS JOIN core.cfg_audit a
JOIN scenarios.fct_contact_stages z ON z.ck = b.ck AND z.from_day <= b.sent_day AND z.to_day > b.sent_day
LEFT JOIN scenarios.fct_opt_outs o ON o.ck = b.ck AND o.ch = b.ch
WHERE b.mk IS NOT NULL AND b.sent_day >= w.from_day AND b.sent_day < w.to_day AND b.sent_day >= w.first_day + 42 AND b.sent_day + 8 <= w.end_day
  AND b.sent_day >= w.to_day - 1092 AND (o.unsubscribed_day IS NULL OR b.sent_day <= o.unsubscribed_day)
