/*---
table: lifecycle.fct_stage_sums
grain: [ck, period, feature]
reads: [core.messages, core.cfg_stage_features, lifecycle.fct_days, lifecycle.fct_order_days, lifecycle.fct_activity_days, lifecycle.fct_stage_looks]
doc: >-
  Running sums at the end of the periods in which a customer is looked at, for the features of core.cfg_stage_features: an event adds when it
  happens and takes away when it leaves the window. Empty when no rule uses such a feature.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: period, type: int64, unit: "1", doc: "period of lifecycle.fct_stage_looks"}
  - {name: feature, type: string, doc: "as in core.cfg_stage_features"}
  - {name: value, type: int64, unit: "1", doc: "the sum: orders, minor currency units, events, messages; last_activity: the last active day since 1970-01-01"}
---*/
WITH steps AS (
  SELECT feature, source, 0 AS later, 1 AS sign FROM core.cfg_stage_features
  UNION ALL
  SELECT feature, source, CAST(window_days AS INTEGER), -1 FROM core.cfg_stage_features WHERE window_days > 0
),
changes AS (
  SELECT o.ck, o.day + s.later AS day, s.feature, s.sign * CASE WHEN s.source = 'orders' THEN o.orders ELSE o.revenue_minor END AS change
  FROM lifecycle.fct_order_days o JOIN steps s ON s.source IN ('orders', 'revenue')
  UNION ALL
  SELECT a.ck, a.day + s.later, s.feature, s.sign * CASE WHEN s.source = 'activity' THEN a.events ELSE a.step_days END
  FROM lifecycle.fct_activity_days a JOIN steps s ON s.source IN ('activity', 'last_activity')
  UNION ALL
  SELECT m.ck, m.sent_day + s.later, s.feature, s.sign
  FROM core.messages m JOIN steps s ON s.source = 'sent'
  UNION ALL
  SELECT m.ck, m.opened_day + s.later, s.feature, s.sign
  FROM core.messages m JOIN steps s ON s.source = 'opened'
  WHERE NOT COALESCE(m.machine_open, FALSE)
  UNION ALL
  SELECT m.ck, m.clicked_day + s.later, s.feature, s.sign
  FROM core.messages m JOIN steps s ON s.source = 'clicked'
  WHERE NOT COALESCE(m.bot_click, FALSE)
  UNION ALL
  SELECT m.ck, MIN(m.sent_day), s.feature, 1
  FROM core.messages m JOIN steps s ON s.source = 'messaged'
  GROUP BY m.ck, s.feature
  UNION ALL
  SELECT m.ck, MIN(LEAST(COALESCE(m.unsubscribed_day, m.complained_day), COALESCE(m.complained_day, m.unsubscribed_day))), s.feature, 1
  FROM core.messages m JOIN steps s ON s.source = 'opted_out'
  GROUP BY m.ck, s.feature
),
rows AS (
  SELECT c.ck, d.period, c.feature, CAST(c.change AS BIGINT) AS change
  FROM changes c JOIN lifecycle.fct_days d ON d.day = c.day
  UNION ALL
  SELECT l.ck, l.period, f.feature, 0
  FROM lifecycle.fct_stage_looks l CROSS JOIN core.cfg_stage_features f
),
added AS (
  SELECT ck, period, feature, SUM(change) AS change
  FROM rows
  GROUP BY ck, period, feature
)
SELECT ck, period, feature, CAST(SUM(change) OVER (PARTITION BY ck, feature ORDER BY period NULLS LAST) AS BIGINT) AS value
FROM added
