/*---
table: analytics.red_sequence_orders
block: bundles
grain: [a, cell, seen, bucket]
reads: [analytics.fct_sequence_orders, analytics.fct_sequence_starts]
doc: Orders from which the next 90 days are looked at, all of them (a = 0) and those that hold a product or category.
max_rows: 3000000
columns:
  - {name: a, type: int64, unit: "1", doc: "product key; for categories minus the category key; 0 = all orders; below -1000000 the products of a category one by one, analytics.fct_sequence_starts"}
  - {name: cell, type: int64, unit: "1", doc: "who the customer was and how large the order, analytics.fct_sequence_orders"}
  - {name: seen, type: int64, unit: "1", doc: "parts of 30 days seen to their end: 1, 2 or 3"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket / 4: 0..24"}
  - {name: n, type: int64, unit: "orders", doc: "orders"}
---*/
SELECT 0 AS a, cell, seen, bucket, COUNT(*) AS n
FROM analytics.fct_sequence_orders
GROUP BY cell, seen, bucket
UNION ALL
SELECT a, cell, seen, bucket, CAST(SUM(n) AS BIGINT)
FROM analytics.fct_sequence_starts
GROUP BY a, cell, seen, bucket
