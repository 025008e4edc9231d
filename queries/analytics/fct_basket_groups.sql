/*---
table: analytics.fct_basket_groups
block: bundles
grain: [k, it]
reads: [analytics.fct_basket_lines, analytics.fct_baskets, scenarios.fct_window]
doc: >-
  Baskets other than order x product: the categories of an order, and the products that a customer bought within 91 days, cut from the begin of the audited window; a last block that is not complete is left out.
columns:
  - {name: k, type: int64, unit: "1", doc: "basket, unique over all kinds of baskets: 4 x number + universe"}
  - {name: universe, type: int64, unit: "1", doc: "2 = categories of an order, 3 = products of a customer in 91 days"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: it, type: int64, unit: "1", doc: "product key; for categories minus the category key"}
  - {name: products, type: int64, unit: "products", doc: "different products (universe 2), orders with the product (universe 3)"}
  - {name: amount_minor, type: int64, unit: "minor currency units", doc: "value of them"}
---*/
WITH lines AS (
  SELECT l.b, l.ck, l.bucket, l.day, l.pr, l.ca, l.amount_minor
  FROM analytics.fct_basket_lines l
  JOIN analytics.fct_baskets b ON b.b = l.b
  WHERE b.counted
)
SELECT 4 * b + 2 AS k, 2 AS universe, CAST(MIN(ck) AS INTEGER) AS ck, CAST(MIN(bucket) AS INTEGER) AS bucket, CAST(-ca AS INTEGER) AS it, COUNT(*) AS products, CAST(SUM(amount_minor) AS BIGINT) AS amount_minor
FROM lines
WHERE ca IS NOT NULL
GROUP BY b, ca
UNION ALL
SELECT 4 * (256 * CAST(l.ck AS BIGINT) + LEAST(x_idiv(l.day - w.from_day, 91), 255)) + 3, 3, CAST(l.ck AS INTEGER), CAST(MIN(l.bucket) AS INTEGER), l.pr, COUNT(*), CAST(SUM(l.amount_minor) AS BIGINT)
FROM lines l CROSS JOIN scenarios.fct_window w
WHERE w.from_day + 91 * (x_idiv(l.day - w.from_day, 91) + 1) <= w.to_day
GROUP BY l.ck, LEAST(x_idiv(l.day - w.from_day, 91), 255), l.pr
