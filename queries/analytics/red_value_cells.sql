/*---
table: analytics.red_value_cells
block: value
grain: [repeats, recency_days, age_days]
reads: [analytics.fct_value_customers, analytics.red_value_window]
doc: Customers by (x, t_x, T) of the BG/NBD model, whole days. Only customers whose first purchase is known.
max_rows: 4000000
columns:
  - {name: repeats, type: int64, unit: "order days", doc: "x: purchases after the first"}
  - {name: recency_days, type: int64, unit: "days", doc: "t_x: from the first purchase to the last"}
  - {name: age_days, type: int64, unit: "days", doc: "T: from the first purchase to the last known day"}
  - {name: customers, type: int64, unit: "customers", doc: "customers"}
---*/
SELECT c.orders - 1 AS repeats, c.last_day - c.first_day AS recency_days, b.end_day - 1 - c.first_day AS age_days, COUNT(*) AS customers
FROM analytics.fct_value_customers c CROSS JOIN analytics.red_value_window b
WHERE c.known
GROUP BY c.orders - 1, c.last_day - c.first_day, b.end_day - 1 - c.first_day
