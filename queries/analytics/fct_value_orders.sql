/*---
table: analytics.fct_value_orders
block: value
grain: [ck, day]
reads: [lifecycle.fct_order_days, analytics.red_value_window]
doc: >-
  Days on which a customer bought, numbered. Orders of one day are one purchase; a day whose returns exceed its orders is none.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the orders"}
  - {name: revenue_minor, type: int64, unit: "minor currency units", doc: "their value, not negative"}
  - {name: number, type: int64, unit: "1", doc: "1 = the first"}
  - {name: next_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "the next one; NULL when there is none"}
---*/
SELECT o.ck, o.day, o.revenue_minor, CAST(ROW_NUMBER() OVER w AS INTEGER) AS number, LEAD(x_nul(o.day)) OVER w AS next_day
FROM lifecycle.fct_order_days o CROSS JOIN analytics.red_value_window b
WHERE o.revenue_minor >= 0 AND o.day < b.end_day
WINDOW w AS (PARTITION BY o.ck ORDER BY o.day NULLS LAST)
