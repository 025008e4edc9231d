/*---
table: analytics.red_orphan_facts
block: integrations
grain: [channel, event_type]
reads: [core.messages, analytics.fct_fact_days, scenarios.fct_window]
doc: >-
  Facts about messages of the audited window - deliveries, opens, clicks and so on - and how many of them found no send to belong to. Facts that come within a message's own row always have one, unless that row says that it was not
  sent. The 500 largest.
max_rows: 500
columns:
  - {name: channel, type: string, doc: "channel; empty when not given"}
  - {name: event_type, type: string, doc: "kind of fact; not_sent_response: opened or clicked although the message's row says that it was not sent"}
  - {name: facts, type: int64, unit: "facts", doc: "how many"}
  - {name: orphans, type: int64, unit: "facts", doc: "of them without a send"}
  - {name: guessed, type: int64, unit: "facts", doc: "of them without an id of the message: given to the latest send of the customer"}
---*/
WITH facts AS (
  SELECT COALESCE(CAST(f.channel AS VARCHAR), '') AS channel, CAST(f.event_type AS VARCHAR) AS event_type, SUM(f.row_count) AS facts, SUM(CASE WHEN f.attribution = 'none' THEN f.row_count ELSE 0 END) AS orphans,
    SUM(CASE WHEN f.attribution = 'latest_send' THEN f.row_count ELSE 0 END) AS guessed
  FROM analytics.fct_fact_days f CROSS JOIN scenarios.fct_window w
  WHERE f.day >= w.from_day AND f.day < w.to_day AND f.event_type <> 'sent' AND f.event_type <> 'not_sent'
  GROUP BY COALESCE(CAST(f.channel AS VARCHAR), ''), CAST(f.event_type AS VARCHAR)
  UNION ALL
  SELECT CAST(m.channel AS VARCHAR), 'not_sent_response', COUNT(*), COUNT(*), 0
  FROM core.messages m
  WHERE m.sent_day IS NULL AND (m.opened_day IS NOT NULL OR m.clicked_day IS NOT NULL)
  GROUP BY CAST(m.channel AS VARCHAR)
),
ranks AS (
  SELECT channel, event_type, facts, orphans, guessed, ROW_NUMBER() OVER (ORDER BY facts DESC NULLS LAST, channel NULLS LAST, event_type NULLS LAST) AS place FROM facts
)
SELECT channel, event_type, facts, orphans, guessed FROM ranks WHERE place <= 500
