/*---
table: analytics.red_basket_classes
block: bundles
grain: [universe, ca, n]
reads: [analytics.fct_basket_categories, analytics.fct_basket_items]
doc: How many products (categories) are in exactly n baskets. All of them, since the expectation at fixed margins needs everything that can fill a basket.
max_rows: 500000
columns:
  - {name: universe, type: int64, unit: "1", doc: "kind of basket"}
  - {name: ca, type: int64, unit: "1", doc: "category key of products of one category alone; 0 = all"}
  - {name: n, type: int64, unit: "baskets", doc: "baskets that each of them is in"}
  - {name: items, type: int64, unit: "1", doc: "how many products (categories) that is"}
---*/
SELECT universe, 0 AS ca, n, COUNT(*) AS items
FROM analytics.fct_basket_items
GROUP BY universe, n
UNION ALL
SELECT i.universe, i.ca, i.n, COUNT(*)
FROM analytics.fct_basket_items i JOIN analytics.fct_basket_categories c ON c.ca = i.ca
WHERE i.universe = 1
GROUP BY i.universe, i.ca, i.n
