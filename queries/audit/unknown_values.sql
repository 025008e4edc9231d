/*---
table: audit.unknown_values
grain: [path, column_name, value]
doc: >-
  Values that a vendor's profile does not know, in columns whose lists are open: the vendor has added a word, or the company has named something itself. The rows are kept as
  the profile keeps words that it does not know (an unknown fact of a message is an event under its own name); at most 100 values per column, the most frequent ones.
columns:
  - {name: path, type: string, doc: "the file"}
  - {name: profile, type: string, doc: "the vendor's profile"}
  - {name: column_name, type: string, doc: "column of the file"}
  - {name: value, type: string, doc: "the value as it stands there"}
  - {name: row_count, type: int64, unit: rows, doc: "rows of the file with this value"}
---*/
