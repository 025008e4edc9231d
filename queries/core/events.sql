/*---
table: core.events
grain: [ck, occurred_at, name, event_id]
doc: "Behaviour: one row per event."
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key, core.customers.ck"}
  - {name: name, type: string, doc: "what the customer did"}
  - {name: occurred_at, type: timestamp, doc: "when, UTC"}
  - {name: day, type: int64, unit: day, doc: "day of occurred_at, days since 1970-01-01 in the business zone"}
  - {name: value_minor, type: int64, unit: minor, nullable: true, doc: "value in minor currency units (x100)"}
  - {name: event_id, type: string, nullable: true, doc: "id in the source"}
  - {name: order_id, type: string, nullable: true, doc: "order"}
  - {name: product_id, type: string, nullable: true, doc: "product"}
  - {name: category, type: string, nullable: true, doc: "product category"}
  - {name: source, type: string, nullable: true, doc: "system that recorded it"}
  - {name: received_at, type: timestamp, nullable: true, doc: "when the record arrived, UTC"}
---*/
