/*---
table: analytics.fct_sequence_starts
block: bundles
grain: [b, a]
reads: [analytics.fct_basket_lines, analytics.fct_sequence_items, analytics.fct_sequence_orders]
doc: Which products and categories of analytics.fct_sequence_items the orders of analytics.fct_sequence_orders hold.
columns:
  - {name: b, type: int64, unit: "1", doc: "basket"}
  - {name: a, type: int64, unit: "1", doc: "product key; for categories minus the category key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket / 4: 0..24"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the order"}
  - {name: cell, type: int64, unit: "1", doc: "as in analytics.fct_sequence_orders"}
  - {name: seen, type: int64, unit: "1", doc: "as there"}
---*/
SELECT o.b, i.it AS a, o.ck, o.bucket, o.day, o.cell, o.seen
FROM analytics.fct_sequence_orders o
JOIN analytics.fct_basket_lines l ON l.b = o.b
JOIN analytics.fct_sequence_items i ON i.it = l.pr
UNION ALL
SELECT o.b, i.it, MIN(o.ck), MIN(o.bucket), MIN(o.day), MIN(o.cell), MIN(o.seen)
FROM analytics.fct_sequence_orders o
JOIN analytics.fct_basket_lines l ON l.b = o.b
JOIN analytics.fct_sequence_items i ON i.it = -l.ca
GROUP BY o.b, i.it
