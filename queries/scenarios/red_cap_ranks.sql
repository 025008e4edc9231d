/*---
table: scenarios.red_cap_ranks
block: contact
grain: [time_window, ch, sk, place]
reads: [scenarios.fct_crowded_days, scenarios.fct_crowded_weeks, scenarios.fct_window]
doc: >-
  Crowded messages by their place in the customer's day or week (scenarios.fct_crowded_days and _weeks). A cap of k holds back the places above k; messages that are
  alone have the first place and are not here (scenarios.red_contact_totals).
max_rows: 1000000
columns:
  - {name: time_window, type: string, doc: "day or week"}
  - {name: ch, type: int64, unit: "1", doc: "channel key when the cap is on the channel; 0 when it is on all channels together"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key; 0 without a scenario"}
  - {name: place, type: int64, unit: "1", doc: "place, 1 is kept longest; 1002 stands for all above 1001"}
  - {name: messages, type: int64, unit: "messages", doc: "messages in this place"}
---*/
WITH days AS (
  SELECT ch, sk, CAST(LEAST(day_rank, 1002) AS INTEGER) AS place, CAST(LEAST(day_channel_rank, 1002) AS INTEGER) AS channel_place, COUNT(*) AS n
  FROM scenarios.fct_crowded_days
  GROUP BY ch, sk, CAST(LEAST(day_rank, 1002) AS INTEGER), CAST(LEAST(day_channel_rank, 1002) AS INTEGER)
),
weeks AS (
  SELECT x.ch, x.sk, CAST(LEAST(x.week_rank, 1002) AS INTEGER) AS place, CAST(LEAST(x.week_channel_rank, 1002) AS INTEGER) AS channel_place, COUNT(*) AS n
  FROM scenarios.fct_crowded_weeks x CROSS JOIN scenarios.fct_window w
  WHERE x.week_day >= w.from_day AND x.week_day + 7 <= w.to_day
  GROUP BY x.ch, x.sk, CAST(LEAST(x.week_rank, 1002) AS INTEGER), CAST(LEAST(x.week_channel_rank, 1002) AS INTEGER)
)
SELECT 'day' AS time_window, CAST(0 AS INTEGER) AS ch, sk, place, SUM(n) AS messages FROM days GROUP BY sk, place
UNION ALL
SELECT 'day', ch, sk, channel_place, SUM(n) FROM days GROUP BY ch, sk, channel_place
UNION ALL
SELECT 'week', CAST(0 AS INTEGER), sk, place, SUM(n) FROM weeks GROUP BY sk, place
UNION ALL
SELECT 'week', ch, sk, channel_place, SUM(n) FROM weeks GROUP BY ch, sk, channel_place
