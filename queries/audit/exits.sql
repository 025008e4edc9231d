/*---
table: audit.exits
grain: [fate]
doc: Exits from scenarios that came as rows of their own, by what became of them; the rows are in core.exits. No row, no such case.
columns:
  - {name: fate, type: string, doc: "closed, repeated or no_entry, see core.exits"}
  - {name: row_count, type: int64, unit: rows, doc: "rows"}
  - {name: customers, type: int64, unit: customers, doc: "their customers"}
  - {name: first_at, type: timestamp, doc: "the first exit, UTC"}
  - {name: last_at, type: timestamp, doc: "the last exit, UTC"}
---*/
