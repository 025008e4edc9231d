/*---
table: analytics.red_basket_items
block: bundles
grain: [universe, it, bucket]
reads: [analytics.fct_basket_entries, analytics.fct_basket_items, analytics.fct_basket_kept, analytics.fct_sequence_items]
doc: Baskets with one product (category), for those in kept pairs, the 30 that most baskets hold, and those of sequences.
max_rows: 700000
columns:
  - {name: universe, type: int64, unit: "1", doc: "kind of basket"}
  - {name: it, type: int64, unit: "1", doc: "product key; for categories minus the category key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "baskets", doc: "baskets with it"}
  - {name: amount_minor, type: int64, unit: "minor currency units", doc: "value of it in them"}
---*/
WITH wanted AS (
  SELECT universe, a AS it FROM analytics.fct_basket_kept
  UNION
  SELECT universe, b FROM analytics.fct_basket_kept
  UNION
  SELECT universe, it FROM analytics.fct_basket_items WHERE place <= 30
  UNION
  SELECT CASE WHEN it > 0 THEN 1 ELSE 2 END, it FROM analytics.fct_sequence_items
)
SELECT e.universe, e.it, e.bucket, COUNT(*) AS n, CAST(SUM(e.amount_minor) AS BIGINT) AS amount_minor
FROM analytics.fct_basket_entries e JOIN wanted w ON w.universe = e.universe AND w.it = e.it
GROUP BY e.universe, e.it, e.bucket
