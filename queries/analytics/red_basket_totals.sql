/*---
table: analytics.red_basket_totals
block: bundles
grain: [every]
reads: [analytics.fct_basket_lines, analytics.fct_basket_sample, analytics.fct_baskets, core.order_items, scenarios.fct_window]
doc: What there was to look at, one row.
max_rows: 1
columns:
  - {name: every, type: int64, unit: "1", doc: "bundles were looked for on one customer in so many; 1 = on everybody"}
  - {name: from_items, type: bool, unit: "1", doc: "from order_items; false = from order events that name a product"}
  - {name: lines, type: int64, unit: "lines", doc: "lines of orders, of all customers"}
  - {name: without_customer, type: int64, unit: "lines", doc: "of them, of unknown customers"}
  - {name: without_day, type: int64, unit: "lines", doc: "of them, without a day"}
  - {name: not_bought, type: int64, unit: "lines", doc: "of them, of no or fewer pieces"}
  - {name: below_zero, type: int64, unit: "lines", doc: "of them, with a negative value"}
  - {name: with_category, type: int64, unit: "lines", doc: "of them, with a category"}
  - {name: kept_lines, type: int64, unit: "lines", doc: "products in the baskets of the sample, all history"}
  - {name: baskets, type: int64, unit: "baskets", doc: "orders counted: of the sample, in the audited window"}
  - {name: customers, type: int64, unit: "customers", doc: "customers who made them"}
  - {name: large, type: int64, unit: "baskets", doc: "orders in the audited window left out because they hold more than 500 products"}
  - {name: days, type: int64, unit: "days", doc: "days of the audited window"}
---*/
WITH baskets AS (
  SELECT COUNT(CASE WHEN b.counted THEN 1 END) AS baskets, COUNT(DISTINCT CASE WHEN b.counted THEN b.ck END) AS customers,
    COUNT(CASE WHEN b.products > 500 AND b.day >= w.from_day AND b.day < w.to_day THEN 1 END) AS large
  FROM analytics.fct_baskets b CROSS JOIN scenarios.fct_window w
),
lines AS (
  SELECT COUNT(*) AS n FROM analytics.fct_basket_lines
),
items AS (
  SELECT COUNT(*) AS n FROM core.order_items
)
SELECT s.every, i.n > 0 AS from_items, s.lines, s.without_customer, s.without_day, s.not_bought, s.below_zero, s.with_category, l.n AS kept_lines, b.baskets, b.customers, b.large, w.to_day - w.from_day AS days
FROM analytics.fct_basket_sample s CROSS JOIN baskets b CROSS JOIN lines l CROSS JOIN items i CROSS JOIN scenarios.fct_window w
