/*---
table: analytics.red_trend_channels
block: trends
grain: [channel]
reads: [scenarios.red_contact_channels]
doc: How many of a channel's opens are made by machines, in the last 13 weeks of the audited window (scenarios.red_contact_channels).
max_rows: 1000
columns:
  - {name: channel, type: string, doc: "channel"}
  - {name: opened, type: int64, unit: "messages", doc: "opened, by machines too"}
  - {name: machines, type: int64, unit: "messages", doc: "of them by a machine only, as the source says, or less than 5 seconds after delivery"}
---*/
SELECT CAST(channel AS VARCHAR) AS channel, opened, opened_machine + opened_fast AS machines
FROM scenarios.red_contact_channels
