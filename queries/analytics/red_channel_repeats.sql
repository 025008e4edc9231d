/*---
table: analytics.red_channel_repeats
block: usage
grain: [scenario_id, channel, first_channel, bucket]
reads: [core.cfg_audit, core.customers, core.messages, analytics.fct_content_sample, analytics.fct_content_slots, scenarios.fct_window]
doc: >-
  Messages of scenarios that send in two channels or more, to the customers of the sample, that have had seven days for a response; transactional ones left out. A message repeats another one when the message before it of the same customer and scenario went out in another channel
  within collision_seconds. The rows with an empty first_channel count all messages of the channel in the scenario. The 1000 largest scenarios and channels.
max_rows: 400000
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: channel, type: string, doc: "channel of the later message"}
  - {name: first_channel, type: string, doc: "channel of the message that it repeats; empty for all messages of the channel"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: buckets, type: int64, unit: "1", doc: "buckets in the sample"}
  - {name: within_seconds, type: int64, unit: seconds, doc: "core.cfg_audit.collision_seconds"}
  - {name: messages, type: int64, unit: messages, doc: "messages of the channel: that repeat, or all"}
  - {name: customers, type: int64, unit: customers, doc: "different customers who got them"}
  - {name: clicked, type: int64, unit: messages, doc: "of them clicked within seven days, not by a robot"}
  - {name: first_clicked, type: int64, unit: messages, doc: "of the messages they repeat; 0 in the rows of all"}
  - {name: clicked_only, type: int64, unit: messages, doc: "clicked, while the one they repeat was not; 0 in the rows of all"}
---*/
WITH several AS (
  SELECT scenario_id FROM analytics.fct_content_slots
  WHERE scenario_id IS NOT NULL AND audited > 0 AND COALESCE(kind <> 'transactional', TRUE)
  GROUP BY scenario_id HAVING COUNT(DISTINCT channel) > 1
),
sent AS (
  SELECT m.mk, m.ck, c.bucket, CAST(m.scenario_id AS VARCHAR) AS scenario_id, CAST(m.channel AS VARCHAR) AS channel, x_sec(m.sent_at) AS sec,
    CASE WHEN m.clicked_day <= m.sent_day + 7 AND NOT COALESCE(m.bot_click, FALSE) THEN 1 ELSE 0 END AS clicked
  FROM core.messages m
  JOIN several s ON s.scenario_id = m.scenario_id
  JOIN core.customers c ON c.ck = m.ck
  CROSS JOIN scenarios.fct_window w
  WHERE c.bucket < (SELECT MIN(buckets) FROM analytics.fct_content_sample) AND m.sent_day >= w.from_day AND m.sent_day < w.to_day AND m.sent_day + 7 < w.end_day
    AND COALESCE(m.kind <> 'transactional', TRUE)
),
placed AS (
  SELECT ck, bucket, scenario_id, channel, sec, clicked, LAG(channel) OVER p AS first_channel, LAG(sec) OVER p AS first_sec, LAG(clicked) OVER p AS first_clicked
  FROM sent
  WINDOW p AS (PARTITION BY ck, scenario_id ORDER BY sec NULLS LAST, mk NULLS LAST)
),
counted AS (
  SELECT scenario_id, channel, first_channel, bucket, COUNT(*) AS messages, COUNT(DISTINCT ck) AS customers, SUM(clicked) AS clicked, SUM(first_clicked) AS first_clicked,
    SUM(CASE WHEN clicked = 1 AND first_clicked = 0 THEN 1 ELSE 0 END) AS clicked_only
  FROM placed CROSS JOIN core.cfg_audit a
  WHERE first_channel <> channel AND sec - first_sec <= a.collision_seconds
  GROUP BY scenario_id, channel, first_channel, bucket
  UNION ALL
  SELECT scenario_id, channel, '', bucket, COUNT(*), COUNT(DISTINCT ck), SUM(clicked), 0, 0
  FROM placed
  GROUP BY scenario_id, channel, bucket
),
ranks AS (
  SELECT scenario_id, channel, ROW_NUMBER() OVER (ORDER BY SUM(messages) DESC NULLS LAST, scenario_id NULLS LAST, channel NULLS LAST) AS place
  FROM counted
  GROUP BY scenario_id, channel
)
SELECT c.scenario_id, c.channel, c.first_channel, CAST(c.bucket AS INTEGER) AS bucket, CAST((SELECT MIN(buckets) FROM analytics.fct_content_sample) AS INTEGER) AS buckets, CAST((SELECT MIN(collision_seconds) FROM core.cfg_audit) AS BIGINT) AS within_seconds,
  CAST(c.messages AS BIGINT) AS messages, CAST(c.customers AS BIGINT) AS customers, CAST(c.clicked AS BIGINT) AS clicked, CAST(c.first_clicked AS BIGINT) AS first_clicked,
  CAST(c.clicked_only AS BIGINT) AS clicked_only
FROM counted c JOIN ranks r ON r.scenario_id = c.scenario_id AND r.channel = c.channel AND r.place <= 1000
