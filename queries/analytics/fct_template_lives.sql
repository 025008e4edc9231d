/*---
table: analytics.fct_template_lives
block: content
grain: [use_slot]
reads: [analytics.fct_content_messages, analytics.fct_content_sample, analytics.fct_content_slots, core.templates, scenarios.fct_window]
doc: >-
  The uses of a template in one channel, kind and scenario whose response is followed over time: at least 8 weeks from the first to the last send and 500 delivered messages of the sample, of these the 200 with most. A life begins with the first
  week of the audited window in which the template is sent; after a change within the window, with the first whole week after it.
columns:
  - {name: use_slot, type: int64, unit: "1", doc: "analytics.fct_content_slots.use_slot"}
  - {name: from_week, type: int64, unit: "1", doc: "first week of the life"}
  - {name: to_week, type: int64, unit: "1", doc: "last week"}
  - {name: changed, type: bool, unit: "1", doc: "the template was changed within the window: earlier messages are left out"}
---*/
WITH changes AS (
  SELECT CAST(t.template_id AS VARCHAR) AS template_id, x_idiv(x_day(t.updated_at) - w.from_day, 7) + 1 AS week
  FROM core.templates t CROSS JOIN scenarios.fct_window w
  WHERE x_day(t.updated_at) >= w.from_day AND x_day(t.updated_at) < w.to_day
),
slots AS (
  SELECT s.slot, s.use_slot, COALESCE(c.week, 0) AS life_week, c.week IS NOT NULL AS changed
  FROM analytics.fct_content_slots s LEFT JOIN changes c ON c.template_id = CAST(s.template_id AS VARCHAR)
  WHERE s.template_id IS NOT NULL
),
uses AS (
  SELECT s.use_slot, MIN(m.week) AS from_week, MAX(m.week) AS to_week, s.changed, SUM(m.delivered) AS delivered
  FROM analytics.fct_content_messages m
  JOIN slots s ON s.slot = m.slot AND m.week >= s.life_week
  JOIN analytics.fct_content_sample p ON m.week < p.weeks
  WHERE m.delivered = 1
  GROUP BY s.use_slot, s.changed
),
placed AS (
  SELECT use_slot, from_week, to_week, changed, ROW_NUMBER() OVER (ORDER BY delivered DESC NULLS LAST, use_slot NULLS LAST) AS n
  FROM uses
  WHERE to_week - from_week >= 7 AND delivered >= 500
)
SELECT use_slot, CAST(from_week AS INTEGER) AS from_week, CAST(to_week AS INTEGER) AS to_week, changed FROM placed WHERE n <= 200
