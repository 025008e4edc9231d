/*---
table: analytics.fct_template_lives
block: content
grain: [use_slot]
reads: [analytics.fct_content_messages, analytics.fct_content_sample, analytics.fct_content_slots, core.templates, scenarios.fct_window]
doc: >-
  The uses of a template in one channel, kind and scenario whose response is followed over time: at least 8 weeks from the first to the last send and 500 delivered messages of the sample, of these the 200 with most. A life begins with the first
  week of the audited window in which the template is sent; after a change within the window, with the first whole week after it, unless that leaves less than is asked for.
columns:
  - {name: use_slot, type: int64, unit: "1", doc: "analytics.fct_content_slots.use_slot"}
  - {name: from_week, type: int64, unit: "1", doc: "first week of the life"}
  - {name: to_week, type: int64, unit: "1", doc: "last week"}
  - {name: changed, type: bool, unit: "1", doc: "the template was changed within the window"}
  - {name: older, type: bool, unit: "1", doc: "it was, but too little was sent since then: messages of earlier versions are followed too"}
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
counts AS (
  SELECT m.slot, m.week, COUNT(*) AS delivered
  FROM analytics.fct_content_messages m JOIN analytics.fct_content_sample p ON m.week < p.weeks
  WHERE m.delivered = 1
  GROUP BY m.slot, m.week
),
uses AS (
  SELECT s.use_slot, s.changed, MIN(c.week) AS from_week, MAX(c.week) AS to_week, SUM(c.delivered) AS delivered, COALESCE(MIN(CASE WHEN c.week >= s.life_week THEN c.week END), 0) AS own_week,
    SUM(CASE WHEN c.week >= s.life_week THEN c.delivered ELSE 0 END) AS own_delivered
  FROM counts c JOIN slots s ON s.slot = c.slot
  GROUP BY s.use_slot, s.changed
),
lives AS (
  SELECT use_slot, to_week, changed, to_week - own_week >= 7 AND own_delivered >= 500 AS enough, from_week, own_week, delivered, own_delivered FROM uses
),
placed AS (
  SELECT use_slot, CASE WHEN enough THEN own_week ELSE from_week END AS from_week, to_week, changed, changed AND NOT enough AS older,
    ROW_NUMBER() OVER (ORDER BY CASE WHEN enough THEN own_delivered ELSE delivered END DESC NULLS LAST, use_slot NULLS LAST) AS n
  FROM lives
  WHERE enough OR to_week - from_week >= 7 AND delivered >= 500
)
SELECT use_slot, CAST(from_week AS INTEGER) AS from_week, CAST(to_week AS INTEGER) AS to_week, changed, older FROM placed WHERE n <= 200
