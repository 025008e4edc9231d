/*---
table: analytics.fct_basket_lines
block: bundles
grain: [b, pr]
reads: [analytics.fct_basket_sample, analytics.fct_order_lines, analytics.fct_products, core.customers]
doc: >-
  What was in each basket, one row per order and product, over all loaded history, of the customers of analytics.fct_basket_sample. Basket = order of one customer. Lines of one product in one order net out: a product whose quantities add up to nothing or less
  (a return, a line of zero pieces) is not here. Lines without customer or day are not here.
columns:
  - {name: b, type: int64, unit: "1", doc: "basket: rank by customer, day and order"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "first day of the order's lines"}
  - {name: pr, type: int64, unit: "1", doc: "product key"}
  - {name: ca, type: int64, unit: "1", nullable: true, doc: "category key; NULL without category"}
  - {name: amount_minor, type: int64, unit: "minor currency units", doc: "value of the lines together"}
---*/
WITH orders AS (
  SELECT l.order_id, l.ck, MIN(l.day) AS day
  FROM analytics.fct_order_lines l CROSS JOIN analytics.fct_basket_sample s
  WHERE l.ck IS NOT NULL AND l.day IS NOT NULL AND l.product_id <> '' AND l.ck * 2654435761 - 4294967296 * x_idiv(l.ck * 2654435761, 4294967296) < x_idiv(4294967296, s.every)
  GROUP BY l.order_id, l.ck
),
baskets AS (
  SELECT o.order_id, o.ck, c.bucket, o.day, ROW_NUMBER() OVER (ORDER BY o.ck NULLS LAST, o.day NULLS LAST, o.order_id NULLS LAST) AS b
  FROM orders o JOIN core.customers c ON c.ck = o.ck
)
SELECT b.b, CAST(MIN(b.ck) AS INTEGER) AS ck, CAST(MIN(b.bucket) AS INTEGER) AS bucket, CAST(MIN(b.day) AS INTEGER) AS day, p.pr, CAST(MIN(p.ca) AS INTEGER) AS ca,
  CAST(SUM(COALESCE(l.amount_minor, 0)) AS BIGINT) AS amount_minor
FROM analytics.fct_order_lines l
JOIN baskets b ON b.order_id = l.order_id AND b.ck = l.ck
JOIN analytics.fct_products p ON p.product_id = l.product_id
WHERE l.day IS NOT NULL
GROUP BY b.b, p.pr
HAVING SUM(l.milli) > 0
