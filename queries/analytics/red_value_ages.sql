/*---
table: analytics.red_value_ages
block: value
grain: [repeats, age_days]
reads: [analytics.fct_value_customers, analytics.red_value_window]
doc: All pairs (x, T) that customers have, also those whose first purchase is not known.
max_rows: 2000000
columns:
  - {name: repeats, type: int64, unit: "order days", doc: "x: purchases after the first"}
  - {name: age_days, type: int64, unit: "days", doc: "T: from the first purchase to the last known day"}
  - {name: customers, type: int64, unit: "customers", doc: "customers"}
  - {name: known, type: int64, unit: "customers", doc: "of them, those whose first purchase is known"}
---*/
SELECT c.orders - 1 AS repeats, b.end_day - 1 - c.first_day AS age_days, COUNT(*) AS customers, COUNT(CASE WHEN c.known THEN 1 END) AS known
FROM analytics.fct_value_customers c CROSS JOIN analytics.red_value_window b
GROUP BY c.orders - 1, b.end_day - 1 - c.first_day
