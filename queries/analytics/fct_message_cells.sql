/*---
table: analytics.fct_message_cells
block: metrics
grain: [cell]
reads: [core.cfg_attribution, core.messages]
doc: >-
  The combinations of channel, scenario and kind that messages (sent or not) have, with a small integer key, and what is known of their channel. A kind or scenario that is not given
  stays apart: it is never counted with another one.
columns:
  - {name: cell, type: int64, unit: "1", doc: "key: rank of channel, kind and scenario, dense from 1"}
  - {name: family, type: int64, unit: "1", doc: "key of channel and kind: the smallest cell of them"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, nullable: true, doc: "bulk, trigger or transactional; NULL when not given"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario; NULL when not given"}
  - {name: sent, type: int64, unit: "messages", doc: "sent messages of the loaded history"}
  - {name: channel_sent, type: int64, unit: "messages", doc: "of the whole channel"}
  - {name: channel_stamped, type: int64, unit: "messages", doc: "of them with a time of delivery; with none of them, delivered means sent and not bounced"}
  - {name: channel_opened, type: int64, unit: "messages", doc: "of them opened, by machines too; with none, the channel does not report opens"}
  - {name: channel_clicked, type: int64, unit: "messages", doc: "of them clicked, by robots too; with none, the channel does not report clicks"}
  - {name: window_seconds, type: int64, unit: seconds, doc: "attribution window of the channel"}
  - {name: credited, type: bool, unit: "1", doc: "its messages may be credited with orders: not those of kind transactional, unless audit.yaml says so"}
---*/
WITH counts AS (
  SELECT channel, kind, scenario_id, COUNT(sent_day) AS sent, SUM(CASE WHEN sent_day IS NOT NULL AND delivered_at IS NOT NULL THEN 1 ELSE 0 END) AS stamped,
    SUM(CASE WHEN sent_day IS NOT NULL AND opened_day IS NOT NULL THEN 1 ELSE 0 END) AS opened,
    SUM(CASE WHEN sent_day IS NOT NULL AND clicked_day IS NOT NULL THEN 1 ELSE 0 END) AS clicked
  FROM core.messages
  GROUP BY channel, kind, scenario_id
),
cells AS (
  SELECT ROW_NUMBER() OVER (ORDER BY CAST(channel AS VARCHAR) NULLS LAST, CAST(kind AS VARCHAR) NULLS LAST, CAST(scenario_id AS VARCHAR) NULLS LAST) AS cell,
    channel, kind, scenario_id, sent, stamped, opened, clicked
  FROM counts
)
SELECT CAST(c.cell AS INTEGER) AS cell, CAST(MIN(c.cell) OVER (PARTITION BY c.channel, c.kind) AS INTEGER) AS family, c.channel, c.kind, c.scenario_id, CAST(c.sent AS BIGINT) AS sent,
  CAST(SUM(c.sent) OVER (PARTITION BY c.channel) AS BIGINT) AS channel_sent, CAST(SUM(c.stamped) OVER (PARTITION BY c.channel) AS BIGINT) AS channel_stamped,
  CAST(SUM(c.opened) OVER (PARTITION BY c.channel) AS BIGINT) AS channel_opened, CAST(SUM(c.clicked) OVER (PARTITION BY c.channel) AS BIGINT) AS channel_clicked,
  CAST(COALESCE(w.window_seconds, o.window_seconds, 0) AS BIGINT) AS window_seconds,
  COALESCE(w.service, o.service, FALSE) OR COALESCE(c.kind <> 'transactional', TRUE) AS credited
FROM cells c
LEFT JOIN core.cfg_attribution w ON w.channel = CAST(c.channel AS VARCHAR)
LEFT JOIN core.cfg_attribution o ON o.channel = ''
