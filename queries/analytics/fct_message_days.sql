/*---
table: analytics.fct_message_days
block: integrations
grain: [channel, scenario_id, kind, day, code]
reads: [core.messages]
doc: >-
  Sent messages of the whole loaded history per channel, scenario, kind, day of the send and what came back: code = delivered + 2 x bounced + 4 x opened + 8 x clicked + 16 x a response dated before the day of the send. A
  message without any of them has code 0.
columns:
  - {name: channel, type: string, doc: "channel"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario; NULL when not given"}
  - {name: kind, type: string, nullable: true, doc: "bulk, trigger or transactional; NULL when not given"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the send in the business zone"}
  - {name: code, type: int64, unit: "1", doc: "0..31, what came back"}
  - {name: messages, type: int64, unit: "messages", doc: "how many"}
---*/
SELECT channel, scenario_id, kind, sent_day AS day,
  CAST(CASE WHEN delivered_at IS NULL THEN 0 ELSE 1 END + CASE WHEN bounced_at IS NULL THEN 0 ELSE 2 END + CASE WHEN opened_day IS NULL THEN 0 ELSE 4 END + CASE WHEN clicked_day IS NULL THEN 0 ELSE 8 END
    + CASE WHEN opened_day < sent_day OR clicked_day < sent_day THEN 16 ELSE 0 END AS INTEGER) AS code,
  COUNT(*) AS messages
FROM core.messages
WHERE sent_day IS NOT NULL
GROUP BY channel, scenario_id, kind, sent_day,
  CAST(CASE WHEN delivered_at IS NULL THEN 0 ELSE 1 END + CASE WHEN bounced_at IS NULL THEN 0 ELSE 2 END + CASE WHEN opened_day IS NULL THEN 0 ELSE 4 END + CASE WHEN clicked_day IS NULL THEN 0 ELSE 8 END
    + CASE WHEN opened_day < sent_day OR clicked_day < sent_day THEN 16 ELSE 0 END AS INTEGER)
