/*---
table: scenarios.cap_replay
block: contact
grain: [time_window, channel, cap, scope, scenario_id]
doc: >-
  A cap replayed over the audited period: of every customer's day (or whole week) the messages with the highest declared priority are kept, equal ones in the order of
  time, and what is above the cap is held back. Facts: no customer's reaction to the cap is guessed. Service messages always go out unless
  policy.count_service. Written by contact.Fit.
columns:
  - {name: time_window, type: string, doc: "day or week"}
  - {name: channel, type: string, doc: "channel with the cap, or any for a cap on all channels together"}
  - {name: cap, type: int64, unit: "messages", doc: "most messages kept per customer and window"}
  - {name: declared, type: bool, unit: "1", doc: "it is the cap of audit.yaml"}
  - {name: scope, type: string, doc: "all (scenario_id is empty) or scenario"}
  - {name: scenario_id, type: string, doc: "scenario; empty for messages without one"}
  - {name: messages, type: int64, unit: "messages", doc: "messages that the cap counts"}
  - {name: held_back, type: int64, unit: "messages", doc: "of them held back"}
  - {name: share, type: float64, unit: "share", doc: "held_back / messages"}
---*/
