/*---
table: analytics.fct_sequence_starts
block: bundles
grain: [b, a]
reads: [analytics.fct_basket_lines, analytics.fct_sequence_items, analytics.fct_sequence_orders]
doc: >-
  Which products and categories of analytics.fct_sequence_items the orders of analytics.fct_sequence_orders hold. For each category there is a second row with the number of its products in the order: among these, lines
  of one category, a product is compared with the others, so that an order of many products of the category does not count for the product alone.
columns:
  - {name: b, type: int64, unit: "1", doc: "basket"}
  - {name: a, type: int64, unit: "1", doc: "product key; for categories minus the category key; for their products one by one 1000000 less"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket / 4: 0..24"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the order"}
  - {name: cell, type: int64, unit: "1", doc: "as in analytics.fct_sequence_orders"}
  - {name: seen, type: int64, unit: "1", doc: "as there"}
  - {name: n, type: int64, unit: "1", doc: "1; products of the category in the order for a below -1000000"}
---*/
WITH kinds AS (
  SELECT o.b, i.it, o.ck, o.bucket, o.day, o.cell, o.seen, COUNT(*) AS n
  FROM analytics.fct_sequence_orders o
  JOIN analytics.fct_basket_lines l ON l.b = o.b
  JOIN analytics.fct_sequence_items i ON i.it = -l.ca
  GROUP BY o.b, i.it, o.ck, o.bucket, o.day, o.cell, o.seen
)
SELECT o.b, i.it AS a, o.ck, o.bucket, o.day, o.cell, o.seen, 1 AS n
FROM analytics.fct_sequence_orders o
JOIN analytics.fct_basket_lines l ON l.b = o.b
JOIN analytics.fct_sequence_items i ON i.it = l.pr
UNION ALL
SELECT b, it, ck, bucket, day, cell, seen, 1
FROM kinds
UNION ALL
SELECT b, it - 1000000, ck, bucket, day, cell, seen, n
FROM kinds
