/*---
table: analytics.message_extras
block: content
grain: [what, channel, value]
doc: Device, place of the clicked link and depth of the click, where the source gives them (analytics.red_message_extras); counts of everybody. Written by analytics/content.
columns:
  - {name: what, type: string, doc: "device, click_position or click_depth"}
  - {name: channel, type: string, doc: "channel"}
  - {name: value, type: string, doc: "as the source gives it; the 50 commonest"}
  - {name: messages, type: int64, unit: "messages", doc: "sent messages of the audited window that have the value"}
  - {name: share, type: float64, unit: share, doc: "of the messages shown with any value"}
  - {name: opened, type: int64, unit: "messages", doc: "of them opened, not by a machine"}
  - {name: clicked, type: int64, unit: "messages", doc: "of them clicked, not by a robot"}
---*/
