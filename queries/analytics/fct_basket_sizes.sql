/*---
table: analytics.fct_basket_sizes
block: bundles
grain: [universe, ca, size, bucket]
reads: [analytics.fct_basket_entries]
doc: Baskets by how much is in them. The rows with a category count only the products of that category in an order (universe 1).
columns:
  - {name: universe, type: int64, unit: "1", doc: "kind of basket, analytics.fct_basket_entries"}
  - {name: ca, type: int64, unit: "1", doc: "category key; 0 = everything in the basket"}
  - {name: size, type: int64, unit: "1", doc: "different products or categories in it"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "baskets", doc: "baskets"}
---*/
WITH parts AS (
  SELECT k, MIN(universe) AS universe, COALESCE(ca, 0) AS ca, MIN(bucket) AS bucket, COUNT(*) AS size
  FROM analytics.fct_basket_entries
  GROUP BY k, COALESCE(ca, 0)
),
wholes AS (
  SELECT k, MIN(universe) AS universe, MIN(bucket) AS bucket, COUNT(*) AS size
  FROM analytics.fct_basket_entries
  GROUP BY k
)
SELECT universe, 0 AS ca, CAST(size AS INTEGER) AS size, bucket, COUNT(*) AS n
FROM wholes
GROUP BY universe, size, bucket
UNION ALL
SELECT universe, ca, CAST(size AS INTEGER), bucket, COUNT(*)
FROM parts
WHERE universe = 1 AND ca > 0
GROUP BY universe, ca, size, bucket
