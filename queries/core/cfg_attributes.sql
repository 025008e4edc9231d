/*---
table: core.cfg_attributes
grain: [position]
doc: Attribute columns of core.customers in their order; x_attribute(attributes, position) reads one as text. Written from lifecycle.Compile.
columns:
  - {name: position, type: int64, unit: "1", doc: "order of the column, 1 = first"}
  - {name: attribute, type: string, doc: "name of the column, attr_*"}
---*/
