/*---
table: segments.fct_pair_messages
block: pairs
grain: [unit]
reads: [core.messages, segments.fct_pair_days, segments.red_pair_scenarios]
doc: >-
  What became of the messages of a customer in a window, transactional ones left out. Delivered is what a channel says; where it never says, whatever did not bounce. Clicks of
  robots do not count.
columns:
  - {name: unit, type: int64, unit: "1", doc: "customer key x 16 + number of the window"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered"}
  - {name: clicked, type: int64, unit: "messages", doc: "of them clicked, whenever"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "of them followed by an unsubscribe"}
  - {name: delivered_1, type: int64, unit: "messages", doc: "delivered messages of the first main scenario"}
  - {name: clicked_1, type: int64, unit: "messages", doc: "of them clicked"}
  - {name: delivered_2, type: int64, unit: "messages", doc: "of the second"}
  - {name: clicked_2, type: int64, unit: "messages", doc: "of them clicked"}
  - {name: delivered_3, type: int64, unit: "messages", doc: "of the third"}
  - {name: clicked_3, type: int64, unit: "messages", doc: "of them clicked"}
---*/
WITH sent AS (
  SELECT CAST(m.ck AS BIGINT) * 16 + d.number AS unit, m.channel, m.scenario_id, CASE WHEN m.delivered_at IS NULL THEN 0 ELSE 1 END AS said, CASE WHEN m.bounced_at IS NULL THEN 1 ELSE 0 END AS arrived,
    CASE WHEN m.clicked_day IS NOT NULL AND NOT COALESCE(m.bot_click, FALSE) THEN 1 ELSE 0 END AS clicked,
    CASE WHEN m.unsubscribed_day IS NULL THEN 0 ELSE 1 END AS unsubscribed
  FROM core.messages m JOIN segments.fct_pair_days d ON d.day = m.sent_day
  WHERE d.ripe AND COALESCE(m.kind <> 'transactional', TRUE)
),
channels AS (
  SELECT channel, MAX(said) AS says FROM sent GROUP BY channel
)
SELECT s.unit, COUNT(*) AS delivered, CAST(SUM(s.clicked) AS INTEGER) AS clicked, CAST(SUM(s.unsubscribed) AS INTEGER) AS unsubscribed,
  COUNT(CASE WHEN p.place = 1 THEN 1 END) AS delivered_1, COUNT(CASE WHEN p.place = 1 AND s.clicked = 1 THEN 1 END) AS clicked_1,
  COUNT(CASE WHEN p.place = 2 THEN 1 END) AS delivered_2, COUNT(CASE WHEN p.place = 2 AND s.clicked = 1 THEN 1 END) AS clicked_2,
  COUNT(CASE WHEN p.place = 3 THEN 1 END) AS delivered_3, COUNT(CASE WHEN p.place = 3 AND s.clicked = 1 THEN 1 END) AS clicked_3
FROM sent s
JOIN channels c ON c.channel = s.channel
LEFT JOIN segments.red_pair_scenarios p ON p.scenario_id = s.scenario_id
WHERE CASE WHEN c.says = 1 THEN s.said ELSE s.arrived END = 1
GROUP BY s.unit
