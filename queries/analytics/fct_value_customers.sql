/*---
table: analytics.fct_value_customers
block: value
grain: [ck]
reads: [core.customers, analytics.red_value_window, analytics.fct_value_orders]
doc: What the value model needs of every customer with a purchase.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: known, type: bool, unit: "1", doc: "the first purchase here is taken for the customer's first: complete history, created within it, or none before known_from_day"}
  - {name: orders, type: int64, unit: "order days", doc: "purchases"}
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "the first"}
  - {name: last_day, type: int64, unit: "days since 1970-01-01", doc: "the last"}
  - {name: orders_cut, type: int64, unit: "order days", doc: "of them before the hold-out"}
  - {name: last_cut, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "the last of those; NULL when there is none"}
  - {name: paid, type: int64, unit: "order days", doc: "repeat purchases with a value above 0"}
  - {name: paid_minor, type: int64, unit: "minor currency units", doc: "their value"}
---*/
WITH sums AS (
  SELECT o.ck, COUNT(*) AS orders, MIN(o.day) AS first_day, MAX(o.day) AS last_day,
    COUNT(CASE WHEN o.day < b.cut_day THEN 1 END) AS orders_cut,
    MAX(CASE WHEN o.day < b.cut_day THEN o.day END) AS last_cut,
    COUNT(CASE WHEN o.number > 1 AND o.revenue_minor > 0 THEN 1 END) AS paid,
    CAST(SUM(CASE WHEN o.number > 1 THEN o.revenue_minor ELSE 0 END) AS BIGINT) AS paid_minor
  FROM analytics.fct_value_orders o CROSS JOIN analytics.red_value_window b
  GROUP BY o.ck
)
SELECT s.ck, c.bucket, b.history_complete OR COALESCE(c.created_day >= b.first_day, FALSE) OR s.first_day >= b.known_from_day AS known,
  s.orders, s.first_day, s.last_day, s.orders_cut, s.last_cut, s.paid, s.paid_minor
FROM sums s JOIN core.customers c ON c.ck = s.ck CROSS JOIN analytics.red_value_window b
