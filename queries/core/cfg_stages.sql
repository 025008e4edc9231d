/*---
table: core.cfg_stages
grain: [position]
doc: Stages of the configuration in order; the first rule that matches decides. Written from lifecycle.Compile.
columns:
  - {name: position, type: int64, unit: "1", doc: "order of the stage, 1 = first"}
  - {name: stage, type: string, doc: "name of the stage"}
  - {name: rule, type: string, nullable: true, doc: "the rule as written in audit.yaml; NULL with recorded stages"}
---*/
