/*---
table: core.corrections
grain: [input, kind, order_id, product_id, occurred_at]
doc: "Rows of orders that are no purchase, taken out of core.events and core.order_items: what came back, orders that came back whole, price reductions, lines of nothing. No order has a negative value."
columns:
  - {name: input, type: string, doc: "events or order_items"}
  - {name: kind, type: string, doc: "return: nets the order that it names; order_returned: of an order that came back whole and is no order; return_without_order: names none that is known, left out of all money; discount: a line with a negative price of a product the order does not hold, nets the sum of the lines; zero_quantity: a line of nothing"}
  - {name: ck, type: int64, unit: "1", nullable: true, doc: "customer key, core.customers.ck"}
  - {name: order_id, type: string, nullable: true, doc: "order"}
  - {name: product_id, type: string, nullable: true, doc: "product"}
  - {name: occurred_at, type: timestamp, nullable: true, doc: "time of the row, UTC"}
  - {name: day, type: int64, unit: day, nullable: true, doc: "day of occurred_at, days since 1970-01-01 in the business zone"}
  - {name: quantity, type: float64, unit: "1", nullable: true, doc: "quantity, of lines"}
  - {name: amount_minor, type: int64, unit: minor, nullable: true, doc: "amount as delivered, in minor currency units (x100): negative for what came back"}
---*/
