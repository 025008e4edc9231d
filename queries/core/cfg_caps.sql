/*---
table: core.cfg_caps
grain: [time_window, channel]
doc: "Frequency caps of the contact policy."
columns:
  - {name: time_window, type: string, doc: "day or week"}
  - {name: channel, type: string, doc: "a channel, or any for all together"}
  - {name: cap, type: int64, unit: messages, doc: "most messages to one customer in the window"}
---*/
