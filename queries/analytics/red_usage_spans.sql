/*---
table: analytics.red_usage_spans
block: usage
grain: [span, channel]
reads: [analytics.fct_attributions, analytics.fct_message_cells, analytics.fct_message_days, scenarios.fct_window]
doc: Sent messages in the spans of analytics.red_usage_windows by channel, and the orders placed in them that are credited to a message within its window (last touch). Credits are known within the audited window only. The 50 largest channels.
max_rows: 500
columns:
  - {name: span, type: int64, unit: "1", doc: "0..8, back in time"}
  - {name: channel, type: string, doc: "channel"}
  - {name: messages, type: int64, unit: messages, doc: "sent"}
  - {name: credited, type: int64, unit: orders, doc: "orders credited to a message of the channel"}
---*/
WITH sizes AS (
  SELECT CAST(channel AS VARCHAR) AS channel, SUM(messages) AS messages FROM analytics.fct_message_days GROUP BY CAST(channel AS VARCHAR)
),
ranks AS (
  SELECT channel, ROW_NUMBER() OVER (ORDER BY messages DESC NULLS LAST, channel NULLS LAST) AS place FROM sizes
),
touches AS (
  SELECT x_idiv(w.to_day - 1 - a.day, 91) AS span, x_idiv(a.touch - 1073741824 * x_idiv(a.touch, 1073741824), 1024) AS cell, SUM(a.orders) AS orders
  FROM analytics.fct_attributions a CROSS JOIN scenarios.fct_window w
  WHERE a.touch IS NOT NULL AND a.day < w.to_day AND a.day >= w.to_day - 819
  GROUP BY x_idiv(w.to_day - 1 - a.day, 91), x_idiv(a.touch - 1073741824 * x_idiv(a.touch, 1073741824), 1024)
),
parts AS (
  SELECT x_idiv(w.to_day - 1 - m.day, 91) AS span, CAST(m.channel AS VARCHAR) AS channel, m.messages, 0 AS credited
  FROM analytics.fct_message_days m CROSS JOIN scenarios.fct_window w
  WHERE m.day < w.to_day AND m.day >= w.to_day - 819
  UNION ALL
  SELECT t.span, CAST(k.channel AS VARCHAR), 0, t.orders
  FROM touches t JOIN analytics.fct_message_cells k ON k.cell = t.cell
)
SELECT CAST(p.span AS BIGINT) AS span, p.channel, SUM(p.messages) AS messages, SUM(p.credited) AS credited
FROM parts p JOIN ranks r ON r.channel = p.channel AND r.place <= 50
GROUP BY p.span, p.channel
