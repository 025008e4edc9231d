/*---
table: analytics.red_repeat_spells
block: value
grain: [number, days, repeated, bucket]
reads: [analytics.fct_value_orders, analytics.fct_value_customers, analytics.red_value_window]
doc: >-
  Purchases by their number: after how many days the next one came, or for how many days none had come when the data end. Only customers whose first purchase is known,
  and the first 12 purchases.
max_rows: 1200000
columns:
  - {name: number, type: int64, unit: "1", doc: "number of the purchase, 1 to 12"}
  - {name: days, type: int64, unit: "days", doc: "days to the next one, or seen without; horizon_days + 1 stands for more than the horizon"}
  - {name: repeated, type: bool, unit: "1", doc: "the next one came"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "customers"}
---*/
WITH spells AS (
  SELECT o.number, LEAST(COALESCE(o.next_day, b.end_day - 1) - o.day, b.horizon_days + 1) AS days, o.next_day IS NOT NULL AS repeated, c.bucket
  FROM analytics.fct_value_orders o JOIN analytics.fct_value_customers c ON c.ck = o.ck CROSS JOIN analytics.red_value_window b
  WHERE c.known AND o.number <= 12
)
SELECT number, days, repeated, bucket, COUNT(*) AS customers
FROM spells
GROUP BY number, days, repeated, bucket
