/*---
table: audit.rejects
grain: [input, path, line, column_name, reason]
doc: Rows that could not be read, with where and why. The number kept per file and reason may be capped; audit.sources counts all.
columns:
  - {name: input, type: string, doc: "input of the contract: messages, events, customers, ..."}
  - {name: path, type: string, doc: "path of the file"}
  - {name: line, type: int64, unit: "1", nullable: true, doc: "line of the file, 1-based; NULL when the kind of file has no lines"}
  - {name: column_name, type: string, nullable: true, doc: "column of the file that could not be read"}
  - {name: reason, type: string, doc: "why"}
  - {name: raw, type: string, nullable: true, doc: "the row as it stands in the file"}
---*/
