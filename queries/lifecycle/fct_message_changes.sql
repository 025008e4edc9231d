/*---
table: lifecycle.fct_message_changes
grain: [ck, period]
reads: [core.messages, core.cfg_stage_breakpoints, lifecycle.fct_panel, lifecycle.fct_days]
doc: >-
  Periods by whose end the messages of a customer that a rule looks at have changed: what came in less what left the window of 28 days. Only what the rules use is
  counted: without such rules the messages are not read and the table is empty.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: period, type: int64, unit: "1", doc: "period of lifecycle.fct_grid"}
  - {name: messages_28d, type: int64, unit: "messages", nullable: true, doc: "change of messages_28d; NULL = none"}
  - {name: opens_28d, type: int64, unit: "messages", nullable: true, doc: "change of opens_28d, machine opens left out"}
  - {name: clicks_28d, type: int64, unit: "messages", nullable: true, doc: "change of clicks_28d, robots left out"}
  - {name: consent, type: int64, unit: "1", nullable: true, doc: "1 = first messaged, 2 = first unsubscribe or complaint; NULL otherwise and when no rule uses subscribed"}
---*/
WITH breakpoints AS (
  SELECT anchor, CAST(offset_days - 1 AS INTEGER) AS later, CAST(CASE WHEN offset_days = 1 THEN 1 ELSE -1 END AS INTEGER) AS sign
  FROM core.cfg_stage_breakpoints
  WHERE anchor IN ('message', 'open', 'click', 'consent')
),
consents AS (
  SELECT m.ck, MIN(m.sent_day) AS sent_day,
    MIN(LEAST(COALESCE(m.unsubscribed_day, m.complained_day), COALESCE(m.complained_day, m.unsubscribed_day))) AS opted_out_day
  FROM core.messages m JOIN breakpoints b ON b.anchor = 'consent'
  GROUP BY m.ck
),
points AS (
  SELECT m.ck, m.sent_day + b.later AS day, b.sign AS messages_28d, NULL AS opens_28d, NULL AS clicks_28d, NULL AS consent
  FROM core.messages m JOIN breakpoints b ON b.anchor = 'message'
  UNION ALL
  SELECT m.ck, m.opened_day + b.later, NULL, b.sign, NULL, NULL
  FROM core.messages m JOIN breakpoints b ON b.anchor = 'open'
  WHERE m.opened_day IS NOT NULL AND NOT COALESCE(m.machine_open, FALSE)
  UNION ALL
  SELECT m.ck, m.clicked_day + b.later, NULL, NULL, b.sign, NULL
  FROM core.messages m JOIN breakpoints b ON b.anchor = 'click'
  WHERE m.clicked_day IS NOT NULL AND NOT COALESCE(m.bot_click, FALSE)
  UNION ALL
  SELECT ck, sent_day, NULL, NULL, NULL, 1 FROM consents
  UNION ALL
  SELECT ck, opted_out_day, NULL, NULL, NULL, 2 FROM consents
)
SELECT q.ck, COALESCE(d.period, p.grid_first) AS period, CAST(SUM(q.messages_28d) AS INTEGER) AS messages_28d,
  CAST(SUM(q.opens_28d) AS INTEGER) AS opens_28d, CAST(SUM(q.clicks_28d) AS INTEGER) AS clicks_28d, MAX(q.consent) AS consent
FROM points q
CROSS JOIN lifecycle.fct_panel p
LEFT JOIN lifecycle.fct_days d ON d.day = q.day
WHERE d.period IS NOT NULL OR q.day < p.grid_start_day
GROUP BY q.ck, COALESCE(d.period, p.grid_first)
