/*---
table: scenarios.red_dup_steps
block: duplicates
grain: [sk, base, step_id, place, channel, bin]
reads: [scenarios.fct_dup_messages]
doc: >-
  Steps of a scenario, each by channel and delay: the step_id or, for messages without one, the place among the messages of the entry. The thirty largest steps. The borders
  of the bins lie between the delays that people set: 4.5 h, 15 h, 36 h, 60 h, 4.5 d, 8.5 d, 16 d, 25 d, 35 d.
max_rows: 5000000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: base, type: string, doc: "entry or first: what the delay is counted from"}
  - {name: step_id, type: string, doc: "step; empty for messages without one"}
  - {name: place, type: int64, unit: "1", doc: "place among the messages of the entry, for messages without a step; 0 with one"}
  - {name: channel, type: string, doc: "channel"}
  - {name: bin, type: int64, unit: "1", doc: "delay: 0 below 4.5 hours ... 9 from 35 days on"}
  - {name: messages, type: int64, unit: "messages", doc: "messages of the sample"}
---*/
WITH messages AS (
  SELECT sk, step_id, CASE WHEN step_id = '' THEN place ELSE 0 END AS place, channel, after_entry, after_first
  FROM scenarios.fct_dup_messages
),
sizes AS (
  SELECT sk, step_id, place, ROW_NUMBER() OVER (PARTITION BY sk ORDER BY COUNT(*) DESC NULLS LAST, step_id NULLS LAST, place NULLS LAST) AS size_place
  FROM messages
  GROUP BY sk, step_id, place
),
delays AS (
  SELECT sk, CAST('entry' AS VARCHAR) AS base, step_id, place, channel, after_entry AS after FROM messages WHERE after_entry IS NOT NULL
  UNION ALL
  SELECT sk, CAST('first' AS VARCHAR), step_id, place, channel, after_first FROM messages WHERE after_first IS NOT NULL
),
binned AS (
  SELECT sk, base, step_id, place, channel,
    CASE WHEN after < 16200 THEN 0 WHEN after < 54000 THEN 1 WHEN after < 129600 THEN 2 WHEN after < 216000 THEN 3 WHEN after < 388800 THEN 4
      WHEN after < 734400 THEN 5 WHEN after < 1382400 THEN 6 WHEN after < 2160000 THEN 7 WHEN after < 3024000 THEN 8 ELSE 9 END AS bin
  FROM delays
)
SELECT b.sk, b.base, b.step_id, b.place, b.channel, b.bin, COUNT(*) AS messages
FROM binned b JOIN sizes s ON s.sk = b.sk AND s.step_id = b.step_id AND s.place = b.place
WHERE s.size_place <= 30
GROUP BY b.sk, b.base, b.step_id, b.place, b.channel, b.bin
