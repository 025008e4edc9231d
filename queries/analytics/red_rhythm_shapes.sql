/*---
table: analytics.red_rhythm_shapes
block: rhythm
grain: [mean_bin, cv_bin, bucket]
reads: [analytics.fct_rhythm_customers]
doc: Customers with at least three pauses by their mean logarithm (how often) and the coefficient of variation (how regular), in steps in which groups of rhythms are looked for.
max_rows: 200000
columns:
  - {name: mean_bin, type: int64, unit: "1", doc: "mean logarithm of the pauses in steps of 1/8"}
  - {name: cv_bin, type: int64, unit: "1", doc: "logarithm of the coefficient of variation in steps of 1/4, 0 = 0.05 and less"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "customers"}
---*/
WITH bins AS (
  SELECT CAST(x_idiv(x_idiv(8 * sum_log, gaps), 4096) AS BIGINT) AS mean_bin, CAST(FLOOR(4 * LN(GREATEST(20 * cv, 1))) AS BIGINT) AS cv_bin, bucket
  FROM analytics.fct_rhythm_customers
  WHERE gaps >= 3
)
SELECT mean_bin, cv_bin, CAST(bucket AS BIGINT) AS bucket, COUNT(*) AS customers
FROM bins
GROUP BY mean_bin, cv_bin, bucket
