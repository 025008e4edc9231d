/*---
table: analytics.red_repeat_steps
block: value
grain: [number, bucket]
reads: [analytics.fct_value_orders, analytics.fct_value_customers, analytics.red_value_window]
doc: >-
  Purchases by their number: how many fell into the audited period, and what was spent in the 91 days from the purchase on, where these lie within the data. Only customers
  whose first purchase is known, and the first 13 purchases.
max_rows: 2000
columns:
  - {name: number, type: int64, unit: "1", doc: "number of the purchase, 1 to 13"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: reached, type: int64, unit: "customers", doc: "made this purchase in the audited period"}
  - {name: whole, type: int64, unit: "customers", doc: "made it at least 91 days before the end"}
  - {name: revenue_minor, type: int64, unit: "minor currency units", doc: "value of this purchase and of those in the 90 days after it, of the customers in whole"}
---*/
WITH firsts AS (
  SELECT o.ck, o.number, o.day, c.bucket, o.day >= b.from_day AS audited, o.day <= b.end_day - 91 AS whole
  FROM analytics.fct_value_orders o JOIN analytics.fct_value_customers c ON c.ck = o.ck CROSS JOIN analytics.red_value_window b
  WHERE c.known AND o.number <= 13
),
counted AS (
  SELECT number, bucket, COUNT(CASE WHEN audited THEN 1 END) AS reached, COUNT(CASE WHEN whole THEN 1 END) AS whole
  FROM firsts
  GROUP BY number, bucket
),
spent AS (
  SELECT f.number, f.bucket, SUM(o.revenue_minor) AS revenue_minor
  FROM firsts f JOIN analytics.fct_value_orders o ON o.ck = f.ck AND o.day >= f.day AND o.day < f.day + 91
  WHERE f.whole
  GROUP BY f.number, f.bucket
)
SELECT n.number, n.bucket, n.reached, n.whole, COALESCE(s.revenue_minor, 0) AS revenue_minor
FROM counted n LEFT JOIN spent s ON s.number = n.number AND s.bucket = n.bucket
