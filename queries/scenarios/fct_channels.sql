/*---
table: scenarios.fct_channels
grain: [ch]
reads: [core.messages]
doc: The channels of the sent messages of the loaded history with a small integer key. The name is stored as core.messages stores it, so that joins on it are cheap.
columns:
  - {name: ch, type: int64, unit: "1", doc: "channel key: rank of channel, dense from 1"}
  - {name: channel, type: string, doc: "channel"}
---*/
SELECT CAST(ROW_NUMBER() OVER (ORDER BY CAST(channel AS VARCHAR) NULLS LAST) AS INTEGER) AS ch, channel
FROM (SELECT channel FROM core.messages WHERE sent_day IS NOT NULL AND channel IS NOT NULL GROUP BY channel) c
