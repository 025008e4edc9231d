/*---
table: analytics.red_message_days
block: integrations
grain: [channel, bulk, day]
reads: [analytics.fct_message_days]
doc: Sent messages per channel and day of the send, and how many of them anything came back from. Campaigns (bulk) follow a calendar of their own and stay apart. The 50 largest channels.
max_rows: 1000000
columns:
  - {name: channel, type: string, doc: "channel"}
  - {name: bulk, type: bool, unit: "1", doc: "messages of kind bulk"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the send in the business zone"}
  - {name: messages, type: int64, unit: "messages", doc: "sent"}
  - {name: delivered, type: int64, unit: "messages", doc: "of them with a time of delivery"}
  - {name: stated, type: int64, unit: "messages", doc: "of them with any status: delivered, bounced, opened or clicked"}
  - {name: responded, type: int64, unit: "messages", doc: "of them opened or clicked"}
  - {name: early, type: int64, unit: "messages", doc: "of these, on a day before the send"}
---*/
WITH sizes AS (
  SELECT channel, SUM(messages) AS messages FROM analytics.fct_message_days GROUP BY channel
),
ranks AS (
  SELECT channel, ROW_NUMBER() OVER (ORDER BY messages DESC NULLS LAST, CAST(channel AS VARCHAR) NULLS LAST) AS place FROM sizes
)
SELECT CAST(m.channel AS VARCHAR) AS channel, COALESCE(m.kind = 'bulk', FALSE) AS bulk, CAST(m.day AS BIGINT) AS day, SUM(m.messages) AS messages,
  SUM(CASE WHEN m.code - 2 * x_idiv(m.code, 2) = 1 THEN m.messages ELSE 0 END) AS delivered, SUM(CASE WHEN m.code > 0 THEN m.messages ELSE 0 END) AS stated,
  SUM(CASE WHEN m.code >= 4 THEN m.messages ELSE 0 END) AS responded, SUM(CASE WHEN m.code >= 16 THEN m.messages ELSE 0 END) AS early
FROM analytics.fct_message_days m JOIN ranks r ON r.channel = m.channel AND r.place <= 50
GROUP BY CAST(m.channel AS VARCHAR), COALESCE(m.kind = 'bulk', FALSE), m.day
