/*---
table: analytics.red_basket_universes
block: bundles
grain: [universe]
reads: [analytics.fct_basket_items, analytics.fct_basket_kept, analytics.fct_basket_limits]
doc: Kinds of baskets, with what was left out.
max_rows: 3
columns:
  - {name: universe, type: int64, unit: "1", doc: "1 = products of an order, 2 = categories of an order, 3 = products of a customer in 91 days"}
  - {name: items, type: int64, unit: "1", doc: "products or categories"}
  - {name: eligible, type: int64, unit: "1", doc: "of them, in at least 20 baskets"}
  - {name: places, type: int64, unit: "1", doc: "how many entered pairs at most, analytics.fct_basket_limits"}
  - {name: pairs, type: int64, unit: "pairs", doc: "pairs with enough baskets"}
  - {name: kept, type: int64, unit: "pairs", doc: "of them, estimated"}
---*/
WITH items AS (
  SELECT universe, COUNT(*) AS items, COUNT(CASE WHEN n >= 20 THEN 1 END) AS eligible FROM analytics.fct_basket_items GROUP BY universe
),
pairs AS (
  SELECT universe, MAX(pairs) AS pairs, COUNT(*) AS kept FROM analytics.fct_basket_kept GROUP BY universe
)
SELECT i.universe, i.items, i.eligible, l.places, COALESCE(p.pairs, 0) AS pairs, COALESCE(p.kept, 0) AS kept
FROM items i JOIN analytics.fct_basket_limits l ON l.universe = i.universe LEFT JOIN pairs p ON p.universe = i.universe
