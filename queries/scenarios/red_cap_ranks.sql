/*---
table: scenarios.red_cap_ranks
block: contact
grain: [time_window, ch, sk, place]
reads: [scenarios.fct_crowded]
doc: >-
  Crowded messages by their place in the customer's day or week (scenarios.fct_crowded). A cap of k holds back the places above k; messages that are alone
  have the first place and are not here (scenarios.red_contact_totals).
max_rows: 1000000
columns:
  - {name: time_window, type: string, doc: "day or week"}
  - {name: ch, type: int64, unit: "1", doc: "channel key when the cap is on the channel; 0 when it is on all channels together"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key; 0 without a scenario"}
  - {name: place, type: int64, unit: "1", doc: "place, 1 is kept longest; 1001 stands for all above 1000"}
  - {name: messages, type: int64, unit: "messages", doc: "messages in this place"}
---*/
WITH ranks AS (
  SELECT ch, COALESCE(sk, 0) AS sk, whole_week, LEAST(day_rank, 1001) AS d, LEAST(day_channel_rank, 1001) AS dc, LEAST(week_rank, 1001) AS w,
    LEAST(week_channel_rank, 1001) AS wc, COUNT(*) AS n
  FROM scenarios.fct_crowded
  GROUP BY ch, COALESCE(sk, 0), whole_week, LEAST(day_rank, 1001), LEAST(day_channel_rank, 1001), LEAST(week_rank, 1001), LEAST(week_channel_rank, 1001)
)
SELECT 'day' AS time_window, CAST(0 AS INTEGER) AS ch, sk, d AS place, SUM(n) AS messages FROM ranks GROUP BY sk, d
UNION ALL
SELECT 'day', ch, sk, dc, SUM(n) FROM ranks GROUP BY ch, sk, dc
UNION ALL
SELECT 'week', CAST(0 AS INTEGER), sk, w, SUM(n) FROM ranks WHERE whole_week GROUP BY sk, w
UNION ALL
SELECT 'week', ch, sk, wc, SUM(n) FROM ranks WHERE whole_week GROUP BY ch, sk, wc
