/*---
table: analytics.red_value_holdout
block: value
grain: [repeats, recency_weeks, age_weeks]
reads: [analytics.fct_value_customers, analytics.red_value_window]
doc: >-
  The same at the beginning of the hold-out, in whole weeks, with what was bought in it. Only customers with a purchase before it whose first one is known.
max_rows: 2000000
columns:
  - {name: repeats, type: int64, unit: "order days", doc: "x: purchases after the first, before the hold-out"}
  - {name: recency_weeks, type: int64, unit: "weeks", doc: "t_x, cut to whole weeks"}
  - {name: age_weeks, type: int64, unit: "weeks", doc: "T: from the first purchase to the day before the hold-out, cut to whole weeks"}
  - {name: customers, type: int64, unit: "customers", doc: "customers"}
  - {name: recency_days, type: int64, unit: "days", doc: "sum of t_x over the customers"}
  - {name: age_days, type: int64, unit: "days", doc: "sum of T over the customers"}
  - {name: orders, type: int64, unit: "order days", doc: "purchases in the hold-out"}
  - {name: orders_squared, type: int64, unit: "1", doc: "sum of their squares over the customers, small integers"}
---*/
WITH before AS (
  SELECT c.orders_cut - 1 AS repeats, c.last_cut - c.first_day AS recency_days, b.cut_day - 1 - c.first_day AS age_days, c.orders - c.orders_cut AS later
  FROM analytics.fct_value_customers c CROSS JOIN analytics.red_value_window b
  WHERE c.known AND c.orders_cut > 0
)
SELECT repeats, x_idiv(recency_days, 7) AS recency_weeks, x_idiv(age_days, 7) AS age_weeks, COUNT(*) AS customers, SUM(recency_days) AS recency_days,
  SUM(age_days) AS age_days, SUM(later) AS orders, SUM(later * later) AS orders_squared
FROM before
GROUP BY repeats, x_idiv(recency_days, 7), x_idiv(age_days, 7)
