/*---
table: scenarios.fct_pressure
block: contact
grain: [ck, ch, from_day]
reads: [core.messages, scenarios.fct_contact_sample, scenarios.fct_opt_outs, scenarios.fct_window, scenarios.red_contact_channels]
doc: >-
  Spans of days of the audited window on which the number of messages of the last seven days does not change, for the customers of the pressure sample. A
  customer is under observation in a channel from his first message in it to the day of his first unsubscribe or complaint there; in all channels
  together (0) from his first message on.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: ch, type: int64, unit: "1", doc: "channel key; 0 for all channels together"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first day of the span"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last"}
  - {name: messages_7d, type: int64, unit: "messages", doc: "messages sent in the seven days that end with the day, all kinds"}
---*/
WITH sent AS (
  SELECT m.ck, h.ch, m.sent_day, COUNT(*) AS n
  FROM core.messages m
  JOIN scenarios.fct_contact_sample p ON p.ck = m.ck AND p.pressure
  JOIN scenarios.red_contact_channels h ON h.channel = m.channel
  WHERE m.sent_at IS NOT NULL
  GROUP BY m.ck, h.ch, m.sent_day
),
both AS (
  SELECT ck, ch, sent_day, n FROM sent
  UNION ALL
  SELECT ck, CAST(0 AS INTEGER), sent_day, n FROM sent
),
risk AS (
  SELECT b.ck, b.ch, GREATEST(MIN(b.sent_day), MIN(w.from_day)) AS from_day, MIN(LEAST(COALESCE(o.unsubscribed_day + 1, w.to_day), COALESCE(o.complained_day + 1, w.to_day), w.to_day)) AS to_day
  FROM both b
  CROSS JOIN scenarios.fct_window w
  LEFT JOIN scenarios.fct_opt_outs o ON o.ck = b.ck AND o.ch = b.ch
  GROUP BY b.ck, b.ch
),
steps AS (
  SELECT b.ck, b.ch, GREATEST(b.sent_day, r.from_day) AS day, b.n AS change
  FROM both b JOIN risk r ON r.ck = b.ck AND r.ch = b.ch AND b.sent_day < r.to_day AND b.sent_day + 7 > r.from_day
  UNION ALL
  SELECT b.ck, b.ch, b.sent_day + 7, -b.n
  FROM both b JOIN risk r ON r.ck = b.ck AND r.ch = b.ch AND b.sent_day + 7 < r.to_day AND b.sent_day + 7 > r.from_day
  UNION ALL
  SELECT ck, ch, from_day, 0 FROM risk WHERE from_day < to_day
),
days AS (
  SELECT ck, ch, day, SUM(change) AS change FROM steps GROUP BY ck, ch, day
),
spans AS (
  SELECT ck, ch, day AS from_day, LEAD(x_nul(day)) OVER w AS next_day, SUM(change) OVER w AS messages_7d
  FROM days
  WINDOW w AS (PARTITION BY ck, ch ORDER BY day NULLS LAST)
)
SELECT s.ck, s.ch, CAST(s.from_day AS INTEGER) AS from_day, CAST(COALESCE(s.next_day, r.to_day) AS INTEGER) AS to_day, CAST(s.messages_7d AS INTEGER) AS messages_7d
FROM spans s JOIN risk r ON r.ck = s.ck AND r.ch = s.ch
WHERE s.from_day < COALESCE(s.next_day, r.to_day)
