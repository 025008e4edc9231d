/*---
table: lifecycle.fct_order_days
grain: [ck, day]
reads: [core.orders]
doc: Days on which a customer ordered, with what has added up to then.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the orders"}
  - {name: orders, type: int64, unit: "orders", doc: "orders of the day"}
  - {name: revenue_minor, type: int64, unit: "minor currency units", doc: "their value"}
  - {name: number, type: int64, unit: "1", doc: "how many order days up to this one, 1 = the first"}
  - {name: until_day, type: int64, unit: "days since 1970-01-01", doc: "the next order day, 1000000 when there is none: what has added up holds for the ends of periods after day and up to this"}
  - {name: gap_days, type: int64, unit: "days", nullable: true, doc: "days since the order day before; NULL for the first one"}
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "first order day of the customer"}
  - {name: orders_total, type: int64, unit: "orders", doc: "orders up to and including the day"}
  - {name: revenue_total_minor, type: int64, unit: "minor currency units", doc: "their value"}
---*/
WITH days AS (
  SELECT ck, day, CAST(COUNT(*) AS INTEGER) AS orders, CAST(COALESCE(SUM(revenue_minor), 0) AS BIGINT) AS revenue_minor
  FROM core.orders
  GROUP BY ck, day
)
SELECT ck, day, orders, revenue_minor,
  CAST(ROW_NUMBER() OVER w AS INTEGER) AS number,
  COALESCE(x_nul(LEAD(x_nul(day)) OVER w), 1000000) AS until_day,
  day - LAG(x_nul(day)) OVER w AS gap_days,
  MIN(day) OVER w AS first_day,
  CAST(SUM(orders) OVER w AS INTEGER) AS orders_total,
  CAST(SUM(revenue_minor) OVER w AS BIGINT) AS revenue_total_minor
FROM days
WINDOW w AS (PARTITION BY ck ORDER BY day NULLS LAST)
