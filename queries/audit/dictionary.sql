/*---
table: audit.dictionary
grain: [table_name, column_name]
doc: Every table and column of this database. A row with an empty column_name describes the table itself.
columns:
  - {name: table_name, type: string, doc: "schema.table"}
  - {name: column_name, type: string, doc: "column; empty for the row about the table"}
  - {name: type, type: string, doc: "int64, float64, string, bool, date or timestamp; for a table: table or view"}
  - {name: unit, type: string, doc: "unit of the values, 1 for counts and shares, empty for names and texts"}
  - {name: doc, type: string, doc: "meaning"}
  - {name: grain, type: string, doc: "columns that identify a row of the table, separated by commas"}
  - {name: source, type: string, doc: "the SQL file that made it"}
---*/
