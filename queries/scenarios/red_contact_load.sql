/*---
table: scenarios.red_contact_load
block: contact
grain: [time_window, ch, st, place, bucket]
reads: [core.cfg_contact, core.messages, scenarios.fct_contact_scenarios, scenarios.fct_contact_stages, scenarios.fct_crowded, scenarios.fct_window, scenarios.red_contact_channels]
doc: >-
  Customer-days and customer-weeks with at least so many counted messages. The stage is the one in force on the day, for a week on its Sunday. The sum over
  places is the number of messages.
max_rows: 4000000
columns:
  - {name: time_window, type: string, doc: "day or week (whole weeks only)"}
  - {name: ch, type: int64, unit: "1", doc: "channel key; 0 for all channels together"}
  - {name: st, type: int64, unit: "1", doc: "stage key; 0 where no stage is known"}
  - {name: place, type: int64, unit: "messages", doc: "at least so many messages; 1001 stands for all above 1000"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: units, type: int64, unit: "customer-days or customer-weeks", doc: "how many"}
---*/
WITH sent AS (
  SELECT m.ck, h.ch, m.sent_day, m.sent_day - (m.sent_day - 4 - 7 * x_idiv(m.sent_day - 4, 7)) AS week_day, w.from_day, w.to_day
  FROM core.messages m
  JOIN scenarios.red_contact_channels h ON h.channel = m.channel
  LEFT JOIN scenarios.fct_contact_scenarios s ON s.scenario_id = m.scenario_id
  CROSS JOIN core.cfg_contact c
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day >= w.from_day AND m.sent_day < w.to_day
    AND (c.count_service OR NOT (COALESCE(m.kind = 'transactional', FALSE) OR COALESCE(s.service, FALSE)))
),
totals AS (
  SELECT s.ch, z.st, z.bucket, SUM(CASE WHEN z.from_day <= s.sent_day THEN 1 ELSE 0 END) AS day_n,
    SUM(CASE WHEN s.week_day >= s.from_day AND s.week_day + 7 <= s.to_day AND z.to_day > s.week_day + 6 THEN 1 ELSE 0 END) AS week_n
  FROM sent s JOIN scenarios.fct_contact_stages z ON z.ck = s.ck AND z.from_day <= s.week_day + 6 AND z.to_day > s.sent_day
  GROUP BY s.ch, z.st, z.bucket
),
crowd AS (
  SELECT x.ch, z.st, z.bucket, z.from_day <= x.sent_day AS on_day, x.whole_week AND z.to_day > x.week_day + 6 AS on_week,
    LEAST(x.day_rank, 1001) AS d, LEAST(x.day_channel_rank, 1001) AS dc, LEAST(x.week_rank, 1001) AS w, LEAST(x.week_channel_rank, 1001) AS wc, COUNT(*) AS n
  FROM scenarios.fct_crowded x JOIN scenarios.fct_contact_stages z ON z.ck = x.ck AND z.from_day <= x.week_day + 6 AND z.to_day > x.sent_day
  GROUP BY x.ch, z.st, z.bucket, z.from_day <= x.sent_day, x.whole_week AND z.to_day > x.week_day + 6, LEAST(x.day_rank, 1001), LEAST(x.day_channel_rank, 1001),
    LEAST(x.week_rank, 1001), LEAST(x.week_channel_rank, 1001)
),
crowd_totals AS (
  SELECT ch, st, bucket, SUM(CASE WHEN on_day THEN n ELSE 0 END) AS day_n, SUM(CASE WHEN on_week THEN n ELSE 0 END) AS week_n
  FROM crowd
  GROUP BY ch, st, bucket
),
alone AS (
  SELECT t.ch, t.st, t.bucket, t.day_n - COALESCE(c.day_n, 0) AS day_n, t.week_n - COALESCE(c.week_n, 0) AS week_n
  FROM totals t LEFT JOIN crowd_totals c ON c.ch = t.ch AND c.st = t.st AND c.bucket = t.bucket
),
places AS (
  SELECT 'day' AS time_window, CAST(0 AS INTEGER) AS ch, st, d AS place, bucket, n FROM crowd WHERE on_day
  UNION ALL
  SELECT 'day', ch, st, dc, bucket, n FROM crowd WHERE on_day
  UNION ALL
  SELECT 'week', CAST(0 AS INTEGER), st, w, bucket, n FROM crowd WHERE on_week
  UNION ALL
  SELECT 'week', ch, st, wc, bucket, n FROM crowd WHERE on_week
  UNION ALL
  SELECT 'day', CAST(0 AS INTEGER), st, 1, bucket, day_n FROM alone
  UNION ALL
  SELECT 'day', ch, st, 1, bucket, day_n FROM alone
  UNION ALL
  SELECT 'week', CAST(0 AS INTEGER), st, 1, bucket, week_n FROM alone
  UNION ALL
  SELECT 'week', ch, st, 1, bucket, week_n FROM alone
)
SELECT time_window, ch, st, CAST(place AS INTEGER) AS place, bucket, SUM(n) AS units
FROM places
WHERE n > 0
GROUP BY time_window, ch, st, CAST(place AS INTEGER), bucket
