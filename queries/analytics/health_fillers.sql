/*---
table: analytics.health_fillers
block: health
grain: [field, value]
doc: "The formal fillers found, at most 100 for a field. Texts are folded: lower case, without the signs at their ends."
columns:
  - {name: field, type: string, doc: "field"}
  - {name: value, type: string, doc: "the filler, folded"}
  - {name: contacts, type: int64, unit: "customers", doc: "contacts with it"}
---*/
