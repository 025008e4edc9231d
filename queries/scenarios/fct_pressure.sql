/*---
table: scenarios.fct_pressure
block: contact
grain: [ck, ch, from_day]
reads: [core.messages, scenarios.fct_contact_sample, scenarios.fct_opt_outs, scenarios.fct_window, scenarios.red_contact_channels]
doc: >-
  The time from a day with a message to the next one, for the customers of the pressure sample, with the days on which the number of messages of the last seven
  days falls below 1, 2, ... 7. A customer is under observation in a channel from his first message in it to the day of his first unsubscribe or
  complaint there; in all channels together (0) from his first message on.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: ch, type: int64, unit: "1", doc: "channel key; 0 for all channels together"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "a day with a message"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "the next such day, or the end of observation"}
  - {name: until_1, type: int64, unit: "days since 1970-01-01", doc: "1 or more messages in the seven days that end with the day, from from_day to the day before this one"}
  - {name: until_2, type: int64, unit: "days since 1970-01-01", doc: "2 or more messages in the seven days that end with the day, from from_day to the day before this one"}
  - {name: until_3, type: int64, unit: "days since 1970-01-01", doc: "3 or more messages in the seven days that end with the day, from from_day to the day before this one"}
  - {name: until_4, type: int64, unit: "days since 1970-01-01", doc: "4 or more messages in the seven days that end with the day, from from_day to the day before this one"}
  - {name: until_5, type: int64, unit: "days since 1970-01-01", doc: "5 or more messages in the seven days that end with the day, from from_day to the day before this one"}
  - {name: until_6, type: int64, unit: "days since 1970-01-01", doc: "6 or more messages in the seven days that end with the day, from from_day to the day before this one"}
  - {name: until_7, type: int64, unit: "days since 1970-01-01", doc: "7 or more messages in the seven days that end with the day, from from_day to the day before this one"}
---*/
WITH sent AS (
  SELECT m.ck, h.ch, m.sent_day
  FROM core.messages m
  JOIN scenarios.fct_contact_sample p ON p.ck = m.ck AND p.pressure
  JOIN scenarios.red_contact_channels h ON h.channel = m.channel
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day < w.to_day
),
loads AS (
  SELECT ck, ch, sent_day FROM sent
  UNION ALL
  SELECT ck, CAST(0 AS INTEGER), sent_day FROM sent
),
spans AS (
  SELECT d.ck, d.ch, d.sent_day,
    LAG(x_nul(d.sent_day), 1) OVER w AS day_2,
    LAG(x_nul(d.sent_day), 2) OVER w AS day_3,
    LAG(x_nul(d.sent_day), 3) OVER w AS day_4,
    LAG(x_nul(d.sent_day), 4) OVER w AS day_5,
    LAG(x_nul(d.sent_day), 5) OVER w AS day_6,
    LAG(x_nul(d.sent_day), 6) OVER w AS day_7,
    LEAD(x_nul(d.sent_day)) OVER w AS next_day
  FROM loads d
  WINDOW w AS (PARTITION BY d.ck, d.ch ORDER BY d.sent_day NULLS LAST)
),
observed AS (
  SELECT s.ck, s.ch, s.sent_day, s.day_2, s.day_3, s.day_4, s.day_5, s.day_6, s.day_7, s.sent_day AS from_day,
    LEAST(COALESCE(s.next_day, w.to_day), COALESCE(o.unsubscribed_day + 1, w.to_day), COALESCE(o.complained_day + 1, w.to_day)) AS to_day, w.from_day AS first_day
  FROM spans s
  CROSS JOIN scenarios.fct_window w
  LEFT JOIN scenarios.fct_opt_outs o ON o.ck = s.ck AND o.ch = s.ch
)
SELECT ck, ch, CAST(from_day AS INTEGER) AS from_day, CAST(to_day AS INTEGER) AS to_day,
  CAST(GREATEST(from_day, LEAST(to_day, COALESCE(sent_day + 7, 0))) AS INTEGER) AS until_1,
  CAST(GREATEST(from_day, LEAST(to_day, COALESCE(day_2 + 7, 0))) AS INTEGER) AS until_2,
  CAST(GREATEST(from_day, LEAST(to_day, COALESCE(day_3 + 7, 0))) AS INTEGER) AS until_3,
  CAST(GREATEST(from_day, LEAST(to_day, COALESCE(day_4 + 7, 0))) AS INTEGER) AS until_4,
  CAST(GREATEST(from_day, LEAST(to_day, COALESCE(day_5 + 7, 0))) AS INTEGER) AS until_5,
  CAST(GREATEST(from_day, LEAST(to_day, COALESCE(day_6 + 7, 0))) AS INTEGER) AS until_6,
  CAST(GREATEST(from_day, LEAST(to_day, COALESCE(day_7 + 7, 0))) AS INTEGER) AS until_7
FROM observed
WHERE from_day < to_day AND to_day > first_day
