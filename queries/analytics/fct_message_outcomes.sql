/*---
table: analytics.fct_message_outcomes
block: metrics
grain: [ck, sent_sec, cell]
reads: [core.calendar, core.customers, core.messages, core.periods, analytics.fct_message_cells, lifecycle.fct_panel, scenarios.fct_better_stages, scenarios.fct_stage_days, scenarios.fct_window]
doc: >-
  The sent messages of the audited window, and those before it that an order in it may be credited to, as seven integers: whose, when, what kind of message, in which stage, and what came of it. Several messages of one customer, second and cell are
  several rows. Responses are those of the whole history: a reader drops sends that are too young for them.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: sent_sec, type: int64, unit: "unix seconds", doc: "time of the send"}
  - {name: sent_day, type: int64, unit: "days since 1970-01-01", doc: "day of the send in the business zone"}
  - {name: cell, type: int64, unit: "1", doc: "channel, kind and scenario, analytics.fct_message_cells.cell"}
  - {name: st, type: int64, unit: "1", doc: "stage in force on the day of the send, scenarios.fct_stages.st; 0 where none is known (outside the panel)"}
  - {name: code, type: int64, unit: "1", doc: "what came of it, analytics.fct_message_codes.code"}
---*/
WITH earliest AS (
  SELECT w.from_day - x_idiv(2 * COALESCE(MAX(k.window_seconds), 0), 86400) - 1 AS day
  FROM scenarios.fct_window w LEFT JOIN analytics.fct_message_cells k ON k.window_seconds > 0
  GROUP BY w.from_day
),
days AS (
  SELECT c.day, p.end_day
  FROM core.calendar c JOIN core.periods p ON p.period = c.period AND p.complete
),
turns AS (
  SELECT from_st, to_st, 2 AS turn FROM scenarios.fct_better_stages
  UNION ALL
  SELECT to_st, from_st, 3 FROM scenarios.fct_better_stages
),
spans AS (
  SELECT s.ck, s.st, s.from_day, s.to_day, COALESCE(t.turn, 1) AS turn, CASE WHEN s.to_day < g.end_day THEN s.to_day ELSE 0 END AS turn_day, g.end_day
  FROM scenarios.fct_stage_days s
  CROSS JOIN lifecycle.fct_panel g
  LEFT JOIN scenarios.fct_stage_days n ON n.ck = s.ck AND n.from_day = s.to_day
  LEFT JOIN turns t ON t.from_st = s.st AND t.to_st = n.st
)
SELECT m.ck, CAST(c.bucket AS INTEGER) AS bucket, x_sec(m.sent_at) AS sent_sec, CAST(m.sent_day AS INTEGER) AS sent_day, k.cell, CAST(COALESCE(z.st, 0) AS INTEGER) AS st,
  CAST(CASE WHEN m.delivered_at IS NOT NULL OR m.opened_day IS NOT NULL OR m.clicked_day IS NOT NULL OR m.unsubscribed_day IS NOT NULL OR m.complained_day IS NOT NULL OR k.channel_stamped = 0 AND m.bounced_at IS NULL THEN 1 ELSE 0 END
    + CASE WHEN m.opened_day IS NULL THEN 0 WHEN COALESCE(m.machine_open, FALSE) THEN 6
      WHEN m.opened_at >= m.delivered_at AND m.opened_day <= m.sent_day + 7 AND x_sec(m.opened_at) - x_sec(m.delivered_at) < 5 THEN 4 ELSE 2 END
    + CASE WHEN m.clicked_day IS NULL THEN 0 WHEN COALESCE(m.bot_click, FALSE) THEN 16 ELSE 8 END
    + CASE WHEN m.bounced_at IS NOT NULL THEN 32 ELSE 0 END + CASE WHEN m.unsubscribed_day IS NOT NULL THEN 64 ELSE 0 END + CASE WHEN m.complained_day IS NOT NULL THEN 128 ELSE 0 END
    + CASE WHEN z.st IS NULL OR p.end_day IS NULL OR p.end_day = z.end_day THEN 0 WHEN z.turn_day = p.end_day THEN 256 * z.turn ELSE 256 END AS INTEGER) AS code
FROM core.messages m
JOIN core.customers c ON c.ck = m.ck
JOIN analytics.fct_message_cells k ON k.channel = m.channel AND k.kind IS NOT DISTINCT FROM m.kind AND k.scenario_id IS NOT DISTINCT FROM m.scenario_id
LEFT JOIN days p ON p.day = m.sent_day
LEFT JOIN spans z ON z.ck = m.ck AND z.from_day <= m.sent_day AND z.to_day > m.sent_day
WHERE m.sent_day >= (SELECT MIN(day) FROM earliest)
