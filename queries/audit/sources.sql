/*---
table: audit.sources
grain: [input, path]
doc: One row per file read. rows_read is the sum of the five fates loaded, rejected, duplicate, outside and excluded.
columns:
  - {name: input, type: string, doc: "input of the contract: messages, events, customers, ..."}
  - {name: path, type: string, doc: "path of the file as given in audit.yaml, globs resolved"}
  - {name: dialect, type: string, nullable: true, doc: "what was found: file kind, encoding, delimiter, quote, time format"}
  - {name: rows_read, type: int64, unit: rows, doc: "data rows in the file"}
  - {name: rows_loaded, type: int64, unit: rows, doc: "rows that are in core"}
  - {name: rows_rejected, type: int64, unit: rows, doc: "rows that could not be read; each is in audit.rejects"}
  - {name: rows_duplicate, type: int64, unit: rows, doc: "rows that repeat another one; the winner is chosen by content, never by file order"}
  - {name: rows_outside, type: int64, unit: rows, doc: "rows at or after the end of the audited period"}
  - {name: rows_excluded, type: int64, unit: rows, doc: "rows dropped by only or exclude of the source"}
---*/
