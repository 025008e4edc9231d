/*---
table: core.cfg_attribution
block: metrics
grain: [channel]
doc: "Attribution windows: an order is credited to the last message before it, when that is not longer ago than the window of its channel. Written from audit.yaml (attribution)."
columns:
  - {name: channel, type: string, doc: "channel; empty for all that are not named"}
  - {name: window_seconds, type: int64, unit: seconds, doc: "window after the send"}
  - {name: given, type: bool, unit: "1", doc: "audit.yaml names it; else a default"}
  - {name: service, type: bool, unit: "1", doc: "transactional messages may be credited too (attribution.transactional)"}
---*/
