/*---
table: analytics.input_accounts
block: integrations
grain: [input]
doc: What became of the rows of every input (audit.sources), and the control total that the user gave. Facts. Written by analytics/integrations.
columns:
  - {name: input, type: string, doc: "input of the contract"}
  - {name: files, type: int64, unit: "1", doc: "files read"}
  - {name: rows_read, type: int64, unit: rows, doc: "rows"}
  - {name: rows_loaded, type: int64, unit: rows, doc: "loaded"}
  - {name: rows_rejected, type: int64, unit: rows, doc: "could not be read"}
  - {name: rows_duplicate, type: int64, unit: rows, doc: "repeat another row: the same id, or the same content"}
  - {name: rows_outside, type: int64, unit: rows, doc: "at or after the end of the audited period"}
  - {name: rows_excluded, type: int64, unit: rows, doc: "dropped by a filter of audit.yaml"}
  - {name: control_total, type: int64, unit: rows, nullable: true, doc: "rows that the user's own system counts (sources.control_totals); NULL when not given"}
  - {name: found, type: int64, unit: rows, doc: "what is compared with it: loaded, outside and excluded"}
  - {name: difference, type: int64, unit: rows, nullable: true, doc: "found - control_total"}
---*/
