/*---
table: core.exits
grain: [ck, scenario_id, exited_at, entry_id, exit_reason]
doc: >-
  Rows of the input enrolments that have an exit and no entry: some systems write the exit as an event of its own. What became of each; with core.enrolments these are all rows loaded. Empty when every row has an entry.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key, core.customers.ck"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: entry_id, type: string, nullable: true, doc: "passage through the scenario"}
  - {name: exited_at, type: timestamp, doc: "exit, UTC"}
  - {name: exited_day, type: int64, unit: day, doc: "day of exited_at, days since 1970-01-01 in the business zone"}
  - {name: exit_reason, type: string, nullable: true, doc: "why it ended"}
  - {name: fate, type: string, doc: "closed: it ended its entry; repeated: its entry has an earlier exit or one of its own, which stands; no_entry: no entry of the customer into the scenario before it is loaded (it began before the first loaded day, or under another entry_id), so the row is in no other table"}
---*/
