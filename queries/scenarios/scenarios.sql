/*---
table: scenarios.scenarios
grain: [scenario_id]
doc: >-
  The scenario map: one row per scenario that is defined, has entries or has messages, in the audited window. Counts are facts; written by scenarios.Fit.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: name, type: string, doc: "name for people; empty when not given"}
  - {name: role, type: string, doc: "acquisition, activation, retention, development, winback, service or information; unknown without a definition"}
  - {name: defined, type: bool, unit: "1", doc: "audit.yaml defines it"}
  - {name: derived, type: bool, unit: "1", doc: "entries are made from messages, there are no enrolments"}
  - {name: bulk, type: bool, unit: "1", doc: "a calendar campaign: every message an entry of one day, no steps, no hand-overs"}
  - {name: unused, type: bool, unit: "1", doc: "no entries and no messages in the audited window"}
  - {name: trigger, type: string, nullable: true, doc: "what starts it, by definition"}
  - {name: priority, type: int64, unit: "1", nullable: true, doc: "higher wins, by definition"}
  - {name: window_days, type: int64, unit: "days", nullable: true, doc: "active time when no exit is recorded, by definition"}
  - {name: channels, type: string, doc: "channels used, comma-separated, the busiest first"}
  - {name: next, type: string, doc: "scenarios that the definition names next, comma-separated"}
  - {name: stages, type: string, doc: "stages that the definition names, comma-separated"}
  - {name: customers, type: int64, unit: "customers", doc: "customers who entered, control arm left out"}
  - {name: entries, type: int64, unit: "entries", doc: "entries, control arm left out"}
  - {name: reentries, type: int64, unit: "entries", doc: "of these, entries of a customer who had entered before, ever"}
  - {name: controls, type: int64, unit: "entries", doc: "entries into the control arm"}
  - {name: recorded_exits, type: int64, unit: "entries", doc: "entries whose exit is recorded; the others end by rule"}
  - {name: reversed_exits, type: int64, unit: "entries", doc: "enrolments, ever, whose exit lies before the entry: their exit counts as not recorded"}
  - {name: merged_entries, type: int64, unit: "entries", doc: "enrolments, ever, that begin before an earlier one of the same customer has ended, or as it ends: their time counts once"}
  - {name: active_days, type: float64, unit: "customer-days", doc: "time that customers were active in it"}
  - {name: messages, type: int64, unit: "messages", doc: "sent"}
  - {name: not_sent, type: int64, unit: "messages", doc: "decided not to be sent"}
  - {name: delivered, type: int64, unit: "messages", nullable: true, doc: "delivered; NULL when the data never say"}
  - {name: opened, type: int64, unit: "messages", nullable: true, doc: "opened, not by machines only; NULL when the data never say"}
  - {name: clicked, type: int64, unit: "messages", nullable: true, doc: "clicked, not by robots only; NULL when the data never say"}
  - {name: bounced, type: int64, unit: "messages", nullable: true, doc: "bounced; NULL when the data never say"}
  - {name: unsubscribed, type: int64, unit: "messages", nullable: true, doc: "unsubscribed through a message; NULL when the data never say"}
  - {name: complaints, type: int64, unit: "messages", nullable: true, doc: "marked as spam; NULL when the data never say"}
  - {name: orders, type: int64, unit: "orders", nullable: true, doc: "orders placed while active in it (bulk: within a day of the message): a description, not an effect; one order counts for every scenario active. NULL without orders in the data"}
  - {name: revenue, type: float64, unit: "money", nullable: true, doc: "their value in currency units, also a description"}
  - {name: cost, type: float64, unit: "money", nullable: true, doc: "messages x cost of their channel; NULL when no cost is given"}
  - {name: steps, type: int64, unit: "steps", doc: "steps known, by definition or by messages; 0 for bulk"}
  - {name: exits, type: int64, unit: "exits", doc: "exits in the window; 0 for bulk"}
  - {name: dead_end_share, type: float64, unit: "share", nullable: true, doc: "share of exits that nothing follows within the hand-over days: no chain, no targeted message, no goal, no opt-out; exits with a goal or an opt-out before them left out; by life table, a description"}
  - {name: dead_end_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of dead_end_share"}
  - {name: dead_end_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of dead_end_share"}
  - {name: state_change_rate, type: float64, unit: "share", nullable: true, doc: "share of entries whose life-cycle stage is another one the hand-over days later: a description, not an effect; NULL for bulk"}
  - {name: state_change_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of state_change_rate"}
  - {name: state_change_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of state_change_rate"}
  - {name: state_change_entries, type: int64, unit: "entries", doc: "entries whose stage is known at both times"}
  - {name: first_day, type: date, nullable: true, doc: "first entry or message ever loaded"}
  - {name: last_day, type: date, nullable: true, doc: "last entry or message ever loaded"}
  - {name: note, type: string, doc: "what the row does not say and why; empty when nothing"}
---*/
