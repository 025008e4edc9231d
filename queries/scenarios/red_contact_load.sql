/*---
table: scenarios.red_contact_load
block: contact
grain: [time_window, ch, st, place, bucket]
reads: [scenarios.fct_contact_stages, scenarios.fct_contacts, scenarios.fct_crowded_days, scenarios.fct_crowded_weeks, scenarios.fct_window]
doc: >-
  Customer-days and customer-weeks with at least so many counted messages. The stage is the one in force on the day, for a week on the day of its first
  message. The sum over places is the number of messages.
max_rows: 4000000
columns:
  - {name: time_window, type: string, doc: "day or week (whole weeks only)"}
  - {name: ch, type: int64, unit: "1", doc: "channel key; 0 for all channels together"}
  - {name: st, type: int64, unit: "1", doc: "stage key; 0 where no stage is known"}
  - {name: place, type: int64, unit: "messages", doc: "at least so many messages; 1002 stands for all above 1001"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: units, type: int64, unit: "customer-days or customer-weeks", doc: "how many"}
---*/
WITH totals AS (
  SELECT s.ch, z.st, z.bucket, s.week_day >= w.from_day AND s.week_day + 7 <= w.to_day AS whole_week, COUNT(*) AS n
  FROM scenarios.fct_contacts s
  JOIN scenarios.fct_contact_stages z ON z.ck = s.ck AND z.from_day <= s.sent_day AND z.to_day > s.sent_day
  CROSS JOIN scenarios.fct_window w
  WHERE NOT s.service
  GROUP BY s.ch, z.st, z.bucket, s.week_day >= w.from_day AND s.week_day + 7 <= w.to_day
),
days AS (
  SELECT x.ch, z.st, z.bucket, CAST(LEAST(x.day_rank, 1002) AS INTEGER) AS place, CAST(LEAST(x.day_channel_rank, 1002) AS INTEGER) AS channel_place, COUNT(*) AS n
  FROM scenarios.fct_crowded_days x JOIN scenarios.fct_contact_stages z ON z.ck = x.ck AND z.from_day <= x.sent_day AND z.to_day > x.sent_day
  GROUP BY x.ch, z.st, z.bucket, CAST(LEAST(x.day_rank, 1002) AS INTEGER), CAST(LEAST(x.day_channel_rank, 1002) AS INTEGER)
),
weeks AS (
  SELECT x.ch, z.st, z.bucket, z.from_day <= x.sent_day AND z.to_day > x.sent_day AS own, z.from_day <= x.first_day AND z.to_day > x.first_day AS begins,
    CAST(LEAST(x.week_rank, 1002) AS INTEGER) AS place, CAST(LEAST(x.week_channel_rank, 1002) AS INTEGER) AS channel_place, COUNT(*) AS n
  FROM scenarios.fct_crowded_weeks x
  JOIN scenarios.fct_contact_stages z ON z.ck = x.ck AND z.from_day <= x.sent_day AND z.to_day > x.first_day
  CROSS JOIN scenarios.fct_window w
  WHERE x.week_day >= w.from_day AND x.week_day + 7 <= w.to_day
  GROUP BY x.ch, z.st, z.bucket, z.from_day <= x.sent_day AND z.to_day > x.sent_day, z.from_day <= x.first_day AND z.to_day > x.first_day,
    CAST(LEAST(x.week_rank, 1002) AS INTEGER), CAST(LEAST(x.week_channel_rank, 1002) AS INTEGER)
),
alone AS (
  SELECT 'day' AS time_window, ch, st, bucket, n FROM totals
  UNION ALL
  SELECT 'day', ch, st, bucket, -n FROM days
  UNION ALL
  SELECT 'week', ch, st, bucket, n FROM totals WHERE whole_week
  UNION ALL
  SELECT 'week', ch, st, bucket, -n FROM weeks WHERE own
),
places AS (
  SELECT 'day' AS time_window, CAST(0 AS INTEGER) AS ch, st, place, bucket, n FROM days
  UNION ALL
  SELECT 'day', ch, st, channel_place, bucket, n FROM days
  UNION ALL
  SELECT 'week', CAST(0 AS INTEGER), st, place, bucket, n FROM weeks WHERE begins
  UNION ALL
  SELECT 'week', ch, st, channel_place, bucket, n FROM weeks WHERE begins
  UNION ALL
  SELECT time_window, CAST(0 AS INTEGER), st, CAST(1 AS INTEGER), bucket, n FROM alone
  UNION ALL
  SELECT time_window, ch, st, CAST(1 AS INTEGER), bucket, n FROM alone
)
SELECT time_window, ch, st, place, bucket, SUM(n) AS units
FROM places
GROUP BY time_window, ch, st, place, bucket
HAVING SUM(n) > 0
