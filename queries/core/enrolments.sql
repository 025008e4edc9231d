/*---
table: core.enrolments
grain: [ck, scenario_id, entered_at]
doc: "Entries of customers into scenarios. A row of the input that has an exit only has closed the entry that it belongs to: of its entry_id, else the latest one before it."
columns:
  - {name: ek, type: int64, unit: "1", doc: "entry key: hash of customer, scenario and time of the entry or, where identical rows are kept, of the content; independent of the order of files"}
  - {name: ck, type: int64, unit: "1", doc: "customer key, core.customers.ck"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: entry_id, type: string, nullable: true, doc: "passage through the scenario"}
  - {name: entered_at, type: timestamp, doc: "entry, UTC"}
  - {name: entered_day, type: int64, unit: day, doc: "day of entered_at, days since 1970-01-01 in the business zone"}
  - {name: exited_at, type: timestamp, nullable: true, doc: "exit; NULL: open, UTC"}
  - {name: exited_day, type: int64, unit: day, nullable: true, doc: "day of exited_at, days since 1970-01-01 in the business zone"}
  - {name: exit_reason, type: string, nullable: true, doc: "why it ended"}
  - {name: trigger, type: string, nullable: true, doc: "what started it"}
  - {name: arm, type: string, nullable: true, doc: "treated or control"}
---*/
