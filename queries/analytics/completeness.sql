/*---
table: analytics.completeness
block: health
grain: [field]
doc: How contacts are filled in, field by field. A formal filler ("-", 123, test) does not count as filled.
columns:
  - {name: field, type: string, doc: "name, phone, email, source, owner, timezone, created_at, updated_at or attr_*"}
  - {name: role, type: string, doc: "key, optional or other"}
  - {name: contacts, type: int64, unit: "customers", doc: "all contacts"}
  - {name: given, type: int64, unit: "customers", doc: "with anything in the field"}
  - {name: fillers, type: int64, unit: "customers", doc: "of them, with a formal filler"}
  - {name: filled, type: int64, unit: "customers", doc: "given less fillers"}
  - {name: invalid, type: int64, unit: "customers", nullable: true, doc: "of filled, no possible phone, e-mail address or date of birth; NULL for other fields"}
  - {name: share, type: float64, unit: "share", nullable: true, doc: "filled of contacts; NULL without contacts"}
  - {name: status, type: string, nullable: true, doc: "ok, warning or red against the norm of its role; NULL for role other"}
---*/
