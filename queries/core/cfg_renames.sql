/*---
table: core.cfg_renames
grain: [part, old_name]
doc: "What is called differently since the last audit (renames of audit.yaml); compare takes names of the earlier audit through it."
columns:
  - {name: part, type: string, doc: "stages, scenarios or segments"}
  - {name: old_name, type: string, doc: "name in the earlier audit"}
  - {name: new_name, type: string, doc: "name in this one"}
---*/
