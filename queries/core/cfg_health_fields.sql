/*---
table: core.cfg_health_fields
block: health
grain: [field]
doc: "Fields of a contact whose filling is counted. Written from health of audit.yaml and the attribute columns of customers."
columns:
  - {name: field, type: string, doc: "name, phone, email, source, owner, timezone, created_at, updated_at or attr_*"}
  - {name: role, type: string, doc: "key, optional or other"}
  - {name: birthday, type: bool, unit: "1", doc: "its name says a date of birth"}
  - {name: matched, type: bool, unit: "1", doc: "the one date of birth that duplicates are compared by"}
---*/
