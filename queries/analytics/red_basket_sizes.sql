/*---
table: analytics.red_basket_sizes
block: bundles
grain: [universe, ca, size, bucket]
reads: [analytics.fct_basket_categories, analytics.fct_basket_sizes]
doc: Baskets by how much is in them; for categories that hold a kept pair also orders by how many products of that category alone.
max_rows: 3000000
columns:
  - {name: universe, type: int64, unit: "1", doc: "kind of basket"}
  - {name: ca, type: int64, unit: "1", doc: "category key; 0 = everything in the basket"}
  - {name: size, type: int64, unit: "1", doc: "different products or categories in it"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "baskets", doc: "baskets"}
---*/
SELECT s.universe, s.ca, s.size, s.bucket, s.n
FROM analytics.fct_basket_sizes s LEFT JOIN analytics.fct_basket_categories c ON c.ca = s.ca
WHERE s.ca = 0 OR c.ca IS NOT NULL
