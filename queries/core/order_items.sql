/*---
table: core.order_items
grain: [order_id, product_id]
doc: "Lines of orders."
columns:
  - {name: ck, type: int64, unit: "1", nullable: true, doc: "customer key, core.customers.ck"}
  - {name: order_id, type: string, doc: "order"}
  - {name: product_id, type: string, doc: "product"}
  - {name: category, type: string, nullable: true, doc: "product category"}
  - {name: occurred_at, type: timestamp, nullable: true, doc: "when ordered; of the order when the line has none, UTC"}
  - {name: day, type: int64, unit: day, nullable: true, doc: "day of occurred_at, days since 1970-01-01 in the business zone"}
  - {name: quantity, type: float64, unit: "1", nullable: true, doc: "quantity"}
  - {name: amount_minor, type: int64, unit: minor, nullable: true, doc: "price of one piece x quantity (1 when empty), in minor currency units (x100)"}
---*/
