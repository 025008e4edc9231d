/*---
table: analytics.fct_basket_sample
block: bundles
grain: [every]
reads: [analytics.fct_order_lines]
doc: On how many customers bundles are looked for, one row. About 1 million lines of orders at most, whatever the size of the base; all counts are those of the sample.
columns:
  - {name: every, type: int64, unit: "1", doc: "one customer in so many, by a fixed rule; 1 = everybody"}
  - {name: lines, type: int64, unit: "lines", doc: "lines of orders"}
  - {name: without_customer, type: int64, unit: "lines", doc: "of orders that nobody is known to have made: left out"}
  - {name: without_day, type: int64, unit: "lines", doc: "with a customer, without a day: left out"}
  - {name: not_bought, type: int64, unit: "lines", doc: "of no or fewer pieces: returns, set off against the same product of the same order, else left out"}
  - {name: below_zero, type: int64, unit: "lines", doc: "with a negative value"}
  - {name: with_category, type: int64, unit: "lines", doc: "that name a category"}
---*/
SELECT 1 + x_idiv(COUNT(*), 1000000) AS every, COUNT(*) AS lines, COUNT(CASE WHEN ck IS NULL THEN 1 END) AS without_customer, COUNT(CASE WHEN ck IS NOT NULL AND day IS NULL THEN 1 END) AS without_day,
  COUNT(CASE WHEN milli <= 0 THEN 1 END) AS not_bought, COUNT(CASE WHEN amount_minor < 0 THEN 1 END) AS below_zero, COUNT(NULLIF(category, '')) AS with_category
FROM analytics.fct_order_lines
