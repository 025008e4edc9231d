/*---
table: analytics.fct_basket_categories
block: bundles
grain: [ca]
reads: [analytics.fct_basket_items, analytics.fct_basket_kept]
doc: Categories that hold both products of a kept pair.
columns:
  - {name: ca, type: int64, unit: "1", doc: "category key"}
---*/
SELECT x.ca
FROM analytics.fct_basket_kept k
JOIN analytics.fct_basket_items x ON x.universe = k.universe AND x.it = k.a
JOIN analytics.fct_basket_items y ON y.universe = k.universe AND y.it = k.b AND y.ca = x.ca
WHERE k.universe = 1
GROUP BY x.ca
