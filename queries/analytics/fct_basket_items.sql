/*---
table: analytics.fct_basket_items
block: bundles
grain: [universe, it]
reads: [analytics.fct_basket_entries]
doc: Products and categories by how many baskets hold them.
columns:
  - {name: universe, type: int64, unit: "1", doc: "kind of basket, analytics.fct_basket_entries"}
  - {name: it, type: int64, unit: "1", doc: "product key; for categories minus the category key"}
  - {name: ca, type: int64, unit: "1", nullable: true, doc: "category key (universe 1)"}
  - {name: n, type: int64, unit: "baskets", doc: "baskets with it"}
  - {name: amount_minor, type: int64, unit: "minor currency units", doc: "value of it in them"}
  - {name: place, type: int64, unit: "1", doc: "place by baskets within the universe, 1 = in most"}
---*/
WITH sums AS (
  SELECT universe, it, MIN(ca) AS ca, COUNT(*) AS n, CAST(SUM(amount_minor) AS BIGINT) AS amount_minor
  FROM analytics.fct_basket_entries
  GROUP BY universe, it
)
SELECT universe, it, ca, n, amount_minor, CAST(ROW_NUMBER() OVER (PARTITION BY universe ORDER BY n DESC NULLS LAST, it NULLS LAST) AS INTEGER) AS place
FROM sums
