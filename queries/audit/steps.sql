/*---
table: audit.steps
grain: [step]
doc: Steps of the run, each written in the transaction of the step itself. A step whose fingerprint is unchanged is not repeated.
columns:
  - {name: step, type: string, doc: "table that the step makes, or the name of the step"}
  - {name: state, type: string, doc: "done"}
  - {name: seconds, type: float64, unit: s, doc: "wall time"}
  - {name: rows, type: int64, unit: rows, nullable: true, doc: "rows made; NULL for a view"}
  - {name: fingerprint, type: string, doc: "SHA-256 of SQL, header, prelude, macros, parameters and the fingerprints of what it reads"}
---*/
