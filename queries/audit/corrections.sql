/*---
table: audit.corrections
grain: [input, kind]
doc: "How many rows of orders are no purchase or lack something, and what became of them. No row, no such case."
columns:
  - {name: input, type: string, doc: "events or order_items"}
  - {name: kind, type: string, doc: "return, order_returned, return_without_order, discount, zero_quantity: see core.corrections; no_customer: lines whose order and customer nobody knows, kept without a customer; no_category: lines of products without a category where others have one, kept"}
  - {name: row_count, type: int64, unit: rows, doc: "rows"}
  - {name: orders, type: int64, unit: "1", doc: "orders that they name"}
  - {name: amount_minor, type: int64, unit: minor, doc: "sum of the amounts as delivered, in minor currency units (x100)"}
---*/
