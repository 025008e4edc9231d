/*---
table: analytics.fct_order_lines
block: bundles
grain: [order_id, product_id]
reads: [core.cfg_order_events, core.events, core.order_items]
view: true
doc: >-
  What was bought: the lines of orders; where the source has none at all, the order events that name a product (one event is one piece). Lines of one order and product may occur several times.
columns:
  - {name: ck, type: int64, unit: "1", nullable: true, doc: "customer key; NULL when nobody knows whose order it is"}
  - {name: order_id, type: string, doc: "order; of events without one the id of the event, or customer and second"}
  - {name: product_id, type: string, doc: "product"}
  - {name: category, type: string, nullable: true, doc: "product category as the line says"}
  - {name: day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "day of the order"}
  - {name: milli, type: int64, unit: "thousandths of a piece", doc: "pieces, within a billion; below 0 for a return; a line that does not say is one piece"}
  - {name: amount_minor, type: int64, unit: "minor currency units", nullable: true, doc: "value of the line"}
---*/
SELECT ck, order_id, product_id, CAST(category AS VARCHAR) AS category, day,
  CAST(FLOOR(1000 * GREATEST(LEAST(COALESCE(quantity, 1), 1000000000), -1000000000) + 0.5) AS BIGINT) AS milli, amount_minor
FROM core.order_items
UNION ALL
SELECT e.ck, COALESCE(e.order_id, e.event_id, concat(e.ck, '@', x_sec(e.occurred_at))), e.product_id, CAST(e.category AS VARCHAR), e.day, 1000, e.value_minor
FROM core.events e
JOIN core.cfg_order_events o ON o.name = e.name
CROSS JOIN (SELECT COUNT(*) AS n FROM core.order_items) i
WHERE i.n = 0 AND e.product_id IS NOT NULL
