/*---
table: analytics.red_order_values
block: value
grain: [paid, place]
reads: [analytics.fct_value_customers]
doc: Customers by number and mean value of their repeat purchases (those with a value), means in classes of one percent.
max_rows: 2000000
columns:
  - {name: paid, type: int64, unit: "order days", doc: "repeat purchases with a value above 0"}
  - {name: place, type: int64, unit: "1", doc: "class of the mean value: whole part of 100 ln(minor units)"}
  - {name: customers, type: int64, unit: "customers", doc: "customers"}
  - {name: paid_minor, type: int64, unit: "minor currency units", doc: "value of their repeat purchases"}
---*/
WITH means AS (
  SELECT paid, paid_minor, CAST(FLOOR(100 * LN(x_ratio(paid_minor, paid))) AS BIGINT) AS place
  FROM analytics.fct_value_customers
  WHERE paid > 0 AND paid_minor > 0
)
SELECT paid, place, COUNT(*) AS customers, SUM(paid_minor) AS paid_minor
FROM means
GROUP BY paid, place
