/*---
table: analytics.red_message_extras
block: content
grain: [what, channel, value]
reads: [core.messages, scenarios.fct_window]
doc: >-
  What the source says beside the columns of the contract, of the messages sent in the audited window: the device (extra columns x_device, x_device_type, x_platform or x_os), the place of the clicked link (x_click_position, x_link_position) and
  how deep the click was (x_click_depth, x_scroll_depth). At most the 50 commonest values of each channel. Empty without such columns, and on engines that cannot ask for a column that may not be there (the portable text).
max_rows: 10000
columns:
  - {name: what, type: string, doc: "device, click_position or click_depth"}
  - {name: channel, type: string, doc: "channel"}
  - {name: value, type: string, doc: "as the source gives it"}
  - {name: messages, type: int64, unit: "messages", doc: "sent messages that have the value"}
  - {name: opened, type: int64, unit: "messages", doc: "of them opened, not by a machine that the source names"}
  - {name: clicked, type: int64, unit: "messages", doc: "of them clicked, not by a robot that the source names"}
---*/
SELECT 'device' AS what, CAST(m.channel AS VARCHAR) AS channel, CAST(m.channel AS VARCHAR) AS value, COUNT(*) AS messages, COUNT(*) AS opened, COUNT(*) AS clicked
FROM core.messages m CROSS JOIN scenarios.fct_window w
WHERE m.sent_day < w.from_day AND m.sent_day >= w.to_day
GROUP BY m.channel
