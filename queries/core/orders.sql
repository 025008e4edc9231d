/*---
table: core.orders
grain: [ck, order_id]
doc: "One row per order: from the order events, and from order_items for orders that no event has. An order of several product events is their sum, else the greatest value; an order without value takes the sum of its items."
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key, core.customers.ck"}
  - {name: order_id, type: string, doc: "id of the order; the id of the event, or customer and time, where the source has none"}
  - {name: occurred_at, type: timestamp, doc: "earliest row of the order, UTC"}
  - {name: day, type: int64, unit: day, doc: "day of occurred_at, days since 1970-01-01 in the business zone"}
  - {name: revenue_minor, type: int64, unit: minor, doc: "revenue in minor currency units (x100)"}
---*/
