/*---
table: audit.runs
grain: [run_id]
doc: One row per finished run that wrote this database; there is one.
columns:
  - {name: run_id, type: string, doc: "hash of configuration, inputs, seed and version: the same run has the same id"}
  - {name: version, type: string, doc: "version of crmaudit that made the file"}
  - {name: config_sha256, type: string, doc: "SHA-256 of the effective configuration, hexadecimal"}
  - {name: seed, type: int64, unit: "1", doc: "seed of every random step"}
  - {name: period_from, type: date, doc: "first day of the audited period, business zone"}
  - {name: period_to, type: date, doc: "day after the last day of the audited period, business zone"}
  - {name: name, type: string, nullable: true, doc: "name of the audit from audit.yaml"}
  - {name: grain, type: string, nullable: true, doc: "length of one life-cycle step: day, week, month, quarter or year"}
  - {name: timezone, type: string, nullable: true, doc: "business zone in which days and weeks are cut"}
  - {name: currency, type: string, nullable: true, doc: "currency of every money column"}
  - {name: language, type: string, nullable: true, doc: "language in which the report opens"}
---*/
