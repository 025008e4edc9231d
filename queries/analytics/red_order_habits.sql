/*---
table: analytics.red_order_habits
block: rhythm
grain: [cycle, bucket]
reads: [analytics.fct_order_times]
doc: Whether a customer keeps to his own weekday and his own hour - of all pairs of his order days, how many fall on the same one. Customers with two order days and more; every customer counts once.
max_rows: 1000
columns:
  - {name: cycle, type: string, doc: "weekday or hour"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "customers with two order days and more"}
  - {name: same, type: int64, unit: "1/1000000", doc: "sum over customers of the share of their pairs on the same weekday or in the same hour"}
---*/
WITH sizes AS (
  SELECT ck, COUNT(*) AS n FROM analytics.fct_order_times GROUP BY ck HAVING COUNT(*) >= 2
),
places AS (
  SELECT ck, MIN(bucket) AS bucket, 'weekday' AS cycle, COUNT(*) AS k FROM analytics.fct_order_times GROUP BY ck, weekday
  UNION ALL
  SELECT ck, MIN(bucket), 'hour', COUNT(*) FROM analytics.fct_order_times GROUP BY ck, hour
),
shares AS (
  SELECT p.cycle, p.ck, MIN(p.bucket) AS bucket, x_idiv(1000000 * SUM(CAST(p.k AS BIGINT) * (p.k - 1)), MIN(s.n) * (MIN(s.n) - 1)) AS same
  FROM places p JOIN sizes s ON s.ck = p.ck
  GROUP BY p.cycle, p.ck
)
SELECT cycle, CAST(bucket AS BIGINT) AS bucket, COUNT(*) AS customers, SUM(same) AS same
FROM shares
GROUP BY cycle, bucket
