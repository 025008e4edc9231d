/*---
table: analytics.red_health_bounces
block: health
grain: [channel]
reads: [analytics.fct_health_messages]
doc: Messages of the audited period and their bounces by channel.
max_rows: 10000
columns:
  - {name: channel, type: string, doc: "channel"}
  - {name: sent, type: int64, unit: "messages", doc: "sent in the audited period"}
  - {name: bounced, type: int64, unit: "messages", doc: "of them, bounced"}
  - {name: ever_bounced, type: int64, unit: "messages", doc: "bounced in the whole history; 0: the channel does not report bounces"}
---*/
SELECT CAST(channel AS VARCHAR) AS channel, CAST(SUM(sent) AS BIGINT) AS sent, CAST(SUM(bounced) AS BIGINT) AS bounced, CAST(SUM(ever_bounced) AS BIGINT) AS ever_bounced
FROM analytics.fct_health_messages
GROUP BY CAST(channel AS VARCHAR)
