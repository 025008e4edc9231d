/*---
table: analytics.fct_baskets
block: bundles
grain: [b]
reads: [analytics.fct_basket_lines, scenarios.fct_window]
doc: One row per basket with at least one product, over all loaded history.
columns:
  - {name: b, type: int64, unit: "1", doc: "basket"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the order"}
  - {name: products, type: int64, unit: "products", doc: "different products in it"}
  - {name: counted, type: bool, unit: "1", doc: "in the audited window, and at most 500 products: larger ones are deliveries to resellers, not shopping"}
---*/
SELECT l.b, CAST(MIN(l.ck) AS INTEGER) AS ck, CAST(MIN(l.bucket) AS INTEGER) AS bucket, CAST(MIN(l.day) AS INTEGER) AS day, CAST(COUNT(*) AS INTEGER) AS products,
  COUNT(*) <= 500 AND MIN(l.day) >= MIN(w.from_day) AND MIN(l.day) < MIN(w.to_day) AS counted
FROM analytics.fct_basket_lines l CROSS JOIN scenarios.fct_window w
GROUP BY l.b
