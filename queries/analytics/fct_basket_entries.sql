/*---
table: analytics.fct_basket_entries
block: bundles
grain: [k, it]
reads: [analytics.fct_basket_groups, analytics.fct_basket_lines, analytics.fct_baskets, scenarios.fct_window]
view: true
doc: What is in a basket, for all kinds of baskets together, in the audited window. Orders of more than 500 products are left out.
columns:
  - {name: k, type: int64, unit: "1", doc: "basket, unique over all kinds of baskets: 4 x number + universe"}
  - {name: universe, type: int64, unit: "1", doc: "1 = products of an order, 2 = categories of an order, 3 = products of a customer in 91 days"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: it, type: int64, unit: "1", doc: "product key; for categories minus the category key"}
  - {name: ca, type: int64, unit: "1", nullable: true, doc: "category key of a product (universe 1 only)"}
  - {name: amount_minor, type: int64, unit: "minor currency units", doc: "value"}
---*/
SELECT 4 * l.b + 1 AS k, 1 AS universe, l.ck, l.bucket, l.pr AS it, l.ca, l.amount_minor
FROM analytics.fct_basket_lines l
CROSS JOIN scenarios.fct_window w
LEFT JOIN (SELECT b FROM analytics.fct_baskets WHERE products > 500) h ON h.b = l.b
WHERE l.day >= w.from_day AND l.day < w.to_day AND h.b IS NULL
UNION ALL
SELECT k, universe, ck, bucket, it, CAST(NULL AS INTEGER), amount_minor
FROM analytics.fct_basket_groups
