/*---
table: scenarios.exits
grain: [scenario_id, ended, reason]
doc: >-
  How the entries of the audited window ended. Facts, written by scenarios.Fit.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: ended, type: string, doc: "recorded (the source gives the exit), rule (by window_days or the last message), open (at the end of the data)"}
  - {name: reason, type: string, doc: "exit_reason of a recorded exit; empty when there is none"}
  - {name: n, type: int64, unit: "entries", doc: "entries"}
  - {name: share, type: float64, unit: "share", doc: "of all entries of the scenario"}
---*/
