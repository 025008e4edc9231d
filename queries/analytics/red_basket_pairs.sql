/*---
table: analytics.red_basket_pairs
block: bundles
grain: [universe, a, b, bucket]
reads: [analytics.fct_basket_kept, analytics.fct_basket_pairs]
doc: Baskets with both, of the kept pairs.
max_rows: 400000
columns:
  - {name: universe, type: int64, unit: "1", doc: "kind of basket"}
  - {name: a, type: int64, unit: "1", doc: "the one with the smaller key"}
  - {name: b, type: int64, unit: "1", doc: "the other"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "baskets", doc: "baskets with both"}
  - {name: customers, type: int64, unit: "customers", doc: "customers with such a basket"}
---*/
SELECT p.universe, p.a, p.b, p.bucket, p.n, p.customers
FROM analytics.fct_basket_pairs p JOIN analytics.fct_basket_kept k ON k.universe = p.universe AND k.a = p.a AND k.b = p.b
