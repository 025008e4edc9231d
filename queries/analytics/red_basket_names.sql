/*---
table: analytics.red_basket_names
block: bundles
grain: [it]
reads: [analytics.fct_products, analytics.red_basket_items]
doc: Names of the products and categories of analytics.red_basket_items.
max_rows: 10000
columns:
  - {name: it, type: int64, unit: "1", doc: "product key; for categories minus the category key"}
  - {name: name, type: string, doc: "product_id, or category"}
  - {name: category, type: string, nullable: true, doc: "category of a product"}
  - {name: ca, type: int64, unit: "1", nullable: true, doc: "its key"}
---*/
WITH wanted AS (
  SELECT it FROM analytics.red_basket_items GROUP BY it
)
SELECT w.it, p.product_id AS name, p.category, p.ca
FROM wanted w JOIN analytics.fct_products p ON p.pr = w.it
UNION ALL
SELECT w.it, c.category, CAST(NULL AS VARCHAR), CAST(NULL AS INTEGER)
FROM wanted w JOIN (SELECT ca, MIN(category) AS category FROM analytics.fct_products WHERE ca IS NOT NULL GROUP BY ca) c ON c.ca = -w.it
