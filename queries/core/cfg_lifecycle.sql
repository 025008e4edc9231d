/*---
table: core.cfg_lifecycle
grain: [source]
doc: Settings of the life cycle, one row. Written from lifecycle.Compile.
columns:
  - {name: source, type: string, doc: "rules or recorded"}
  - {name: lookback_days, type: int64, unit: "days", doc: "largest window or constant age that a rule names"}
  - {name: dense, type: bool, unit: "1", doc: "a rule can change in any period: every period of every customer is looked at"}
  - {name: history_complete, type: bool, unit: "1", doc: "the data reach back to each customer's beginning: no burn-in"}
  - {name: all_activity, type: bool, unit: "1", doc: "every event is activity; else those of core.cfg_activity_events"}
  - {name: gaps, type: bool, unit: "1", doc: "a rule uses median_gap_days or overdue_ratio"}
---*/
