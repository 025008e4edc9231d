/*---
table: core.cfg_order_events
grain: [name]
doc: "Names of events that count as an order (lifecycle.order_events)."
columns:
  - {name: name, type: string, doc: "name of the event"}
---*/
