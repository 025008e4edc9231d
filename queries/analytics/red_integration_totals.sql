/*---
table: analytics.red_integration_totals
block: integrations
grain: [first_day]
reads: [core.customers, core.order_items, core.orders, scenarios.fct_window]
doc: The borders of time, and orders of the audited window by whether their customer is known otherwise. One row.
max_rows: 1
columns:
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "first loaded day"}
  - {name: end_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last loaded one"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first audited day that is loaded"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last audited day that is loaded"}
  - {name: customers, type: int64, unit: "customers", doc: "known from any input"}
  - {name: recorded, type: int64, unit: "customers", doc: "of them with a record of their own: anything but an id of the columns of customers"}
  - {name: orders, type: int64, unit: "orders", doc: "orders of the audited window"}
  - {name: orders_unrecorded, type: int64, unit: "orders", doc: "of them, of customers without a record"}
  - {name: lines, type: int64, unit: "rows", doc: "lines of orders, dated within the audited window or not at all"}
  - {name: lines_unknown, type: int64, unit: "rows", doc: "of them without a customer: neither the line nor an order event of that id names one"}
---*/
WITH cards AS (
  SELECT ck, created_day IS NOT NULL OR updated_at IS NOT NULL OR name IS NOT NULL OR phone IS NOT NULL OR email IS NOT NULL OR source IS NOT NULL OR owner IS NOT NULL OR timezone IS NOT NULL AS recorded
  FROM core.customers
),
people AS (
  SELECT COUNT(*) AS customers, COALESCE(SUM(CASE WHEN recorded THEN 1 ELSE 0 END), 0) AS recorded FROM cards
),
bought AS (
  SELECT COUNT(*) AS orders, COALESCE(SUM(CASE WHEN c.recorded THEN 0 ELSE 1 END), 0) AS orders_unrecorded
  FROM core.orders o JOIN cards c ON c.ck = o.ck
  WHERE o.day >= (SELECT MIN(from_day) FROM scenarios.fct_window) AND o.day < (SELECT MIN(to_day) FROM scenarios.fct_window)
),
items AS (
  SELECT COUNT(*) AS lines, COALESCE(SUM(CASE WHEN i.ck IS NULL THEN 1 ELSE 0 END), 0) AS lines_unknown
  FROM core.order_items i
  WHERE i.day IS NULL OR i.day >= (SELECT MIN(from_day) FROM scenarios.fct_window) AND i.day < (SELECT MIN(to_day) FROM scenarios.fct_window)
)
SELECT CAST(w.first_day AS BIGINT) AS first_day, CAST(w.end_day AS BIGINT) AS end_day, CAST(w.from_day AS BIGINT) AS from_day, CAST(w.to_day AS BIGINT) AS to_day, p.customers, p.recorded, b.orders, b.orders_unrecorded,
  i.lines, i.lines_unknown
FROM scenarios.fct_window w CROSS JOIN people p CROSS JOIN bought b CROSS JOIN items i
