/*---
table: analytics.red_message_cells
block: metrics
grain: [cell]
reads: [analytics.fct_message_cells, analytics.fct_ripeness]
doc: Names behind the keys of analytics.red_message_rates, and what is known of their channel.
max_rows: 100000
columns:
  - {name: cell, type: int64, unit: "1", doc: "key of channel, kind and scenario"}
  - {name: family, type: int64, unit: "1", doc: "key of channel and kind"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, doc: "bulk, trigger or transactional; unknown when not given"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario; NULL when not given"}
  - {name: sent, type: int64, unit: "messages", doc: "sent messages of the loaded history"}
  - {name: channel_sent, type: int64, unit: "messages", doc: "of the whole channel"}
  - {name: channel_stamped, type: int64, unit: "messages", doc: "of them with a time of delivery"}
  - {name: channel_opened, type: int64, unit: "messages", doc: "of them opened, by machines too"}
  - {name: channel_clicked, type: int64, unit: "messages", doc: "of them clicked, by robots too"}
  - {name: window_seconds, type: int64, unit: seconds, doc: "attribution window of the channel"}
  - {name: credited, type: bool, unit: "1", doc: "its messages may be credited with orders"}
  - {name: response_days, type: int64, unit: "days", doc: "until 95 of 100 responses of the channel have come"}
  - {name: measured, type: bool, unit: "1", doc: "response_days is from the data; else a default"}
---*/
SELECT CAST(k.cell AS BIGINT) AS cell, CAST(k.family AS BIGINT) AS family, CAST(k.channel AS VARCHAR) AS channel, COALESCE(CAST(k.kind AS VARCHAR), 'unknown') AS kind, CAST(k.scenario_id AS VARCHAR) AS scenario_id,
  k.sent, k.channel_sent, k.channel_stamped, k.channel_opened, k.channel_clicked, k.window_seconds, k.credited, r.response_days, r.measured
FROM analytics.fct_message_cells k JOIN analytics.fct_ripeness r ON r.cell = k.cell
