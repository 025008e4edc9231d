/*---
table: analytics.fct_basket_pairs
block: bundles
grain: [universe, a, b, bucket]
reads: [analytics.fct_basket_entries, analytics.fct_basket_items, analytics.fct_basket_limits]
doc: Baskets that hold two products (two categories) both. Only what is in at least 20 baskets and within analytics.fct_basket_limits is paired.
columns:
  - {name: universe, type: int64, unit: "1", doc: "kind of basket, analytics.fct_basket_entries"}
  - {name: a, type: int64, unit: "1", doc: "the one with the smaller key"}
  - {name: b, type: int64, unit: "1", doc: "the other"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "baskets", doc: "baskets with both"}
  - {name: customers, type: int64, unit: "customers", doc: "customers with such a basket"}
---*/
WITH kept AS (
  SELECT e.k, e.universe, e.ck, e.bucket, e.it
  FROM analytics.fct_basket_entries e
  JOIN analytics.fct_basket_items i ON i.universe = e.universe AND i.it = e.it
  JOIN analytics.fct_basket_limits l ON l.universe = e.universe
  WHERE i.n >= 20 AND i.place <= l.places
),
customers AS (
  SELECT x.universe, x.it AS a, y.it AS b, x.ck, MIN(x.bucket) AS bucket, COUNT(*) AS n
  FROM kept x JOIN kept y ON x.k = y.k AND x.it < y.it
  GROUP BY x.universe, x.it, y.it, x.ck
)
SELECT universe, a, b, bucket, CAST(SUM(n) AS BIGINT) AS n, COUNT(*) AS customers
FROM customers
GROUP BY universe, a, b, bucket
