/*---
table: analytics.fct_products
block: bundles
grain: [pr]
reads: [analytics.fct_order_lines]
doc: Products that customers ordered, with small integer keys for them and for their categories.
columns:
  - {name: pr, type: int64, unit: "1", doc: "product key: rank of product_id"}
  - {name: product_id, type: string, doc: "product"}
  - {name: category, type: string, nullable: true, doc: "category; the first in the alphabet when its lines name several, NULL when none does"}
  - {name: ca, type: int64, unit: "1", nullable: true, doc: "category key: rank of category"}
---*/
WITH goods AS (
  SELECT product_id, MIN(NULLIF(category, '')) AS category
  FROM analytics.fct_order_lines
  WHERE ck IS NOT NULL AND day IS NOT NULL AND product_id <> ''
  GROUP BY product_id
),
kinds AS (
  SELECT category, ROW_NUMBER() OVER (ORDER BY category NULLS LAST) AS ca
  FROM goods
  WHERE category IS NOT NULL
  GROUP BY category
)
SELECT CAST(ROW_NUMBER() OVER (ORDER BY g.product_id NULLS LAST) AS INTEGER) AS pr, g.product_id, g.category, CAST(k.ca AS INTEGER) AS ca
FROM goods g LEFT JOIN kinds k ON k.category = g.category
