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
  SELECT ck, MIN(bucket) AS bucket, COUNT(*) AS n FROM analytics.fct_order_times GROUP BY ck HAVING COUNT(*) >= 2
),
places AS ( -- one number instead of two keys; places with one order day add no pair
  SELECT CAST(ck AS BIGINT) * 8 + weekday AS place, COUNT(*) AS k FROM analytics.fct_order_times GROUP BY CAST(ck AS BIGINT) * 8 + weekday HAVING COUNT(*) > 1
),
clocks AS (
  SELECT CAST(ck AS BIGINT) * 32 + hour AS place, COUNT(*) AS k FROM analytics.fct_order_times GROUP BY CAST(ck AS BIGINT) * 32 + hour HAVING COUNT(*) > 1
),
same AS (
  SELECT 'weekday' AS cycle, x_idiv(place, 8) AS ck, SUM(k * (k - 1)) AS pairs FROM places GROUP BY x_idiv(place, 8)
  UNION ALL
  SELECT 'hour', x_idiv(place, 32), SUM(k * (k - 1)) FROM clocks GROUP BY x_idiv(place, 32)
),
counted AS (
  SELECT bucket, COUNT(*) AS customers FROM sizes GROUP BY bucket
),
sums AS (
  SELECT m.cycle, s.bucket, SUM(x_idiv(1000000 * CAST(m.pairs AS BIGINT), s.n * (s.n - 1))) AS same
  FROM same m JOIN sizes s ON s.ck = m.ck
  GROUP BY m.cycle, s.bucket
),
cycles AS (
  SELECT 'weekday' AS cycle UNION ALL SELECT 'hour'
)
SELECT y.cycle, CAST(c.bucket AS BIGINT) AS bucket, c.customers, CAST(COALESCE(s.same, 0) AS BIGINT) AS same
FROM counted c CROSS JOIN cycles y LEFT JOIN sums s ON s.cycle = y.cycle AND s.bucket = c.bucket
