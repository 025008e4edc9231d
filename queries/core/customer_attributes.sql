/*---
table: core.customer_attributes
grain: [ck]
doc: "The attribute columns of customers as one value, for stage rules. Without attributes the value has one empty field attr_none."
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key, core.customers.ck"}
  - {name: attributes, type: struct, doc: "one field per attr_* column of core.customers"}
---*/
