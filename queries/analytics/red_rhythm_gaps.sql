/*---
table: analytics.red_rhythm_gaps
block: rhythm
grain: [gaps, bucket]
reads: [analytics.fct_rhythm_customers]
doc: The logarithms of pauses by how many a customer has - what the model of rhythms and the measures of regularity need of the completed ones. Logarithms are whole numbers of 1/4096.
max_rows: 25000
columns:
  - {name: gaps, type: int64, unit: "gaps", doc: "completed pauses of the customer; 200 stands for 200 and more"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "customers"}
  - {name: sum_gaps, type: int64, unit: "gaps", doc: "their pauses"}
  - {name: sum_log, type: int64, unit: "1/4096", doc: "sum of the logarithms"}
  - {name: between_sum, type: int64, unit: "1/4096^2", doc: "sum over customers of (sum of logarithms)^2 / pauses"}
  - {name: within_sum, type: int64, unit: "1/4096^2", doc: "sum over customers of the squared distances from the own mean"}
  - {name: clumpiness, type: int64, unit: "1/10000", doc: "sum over customers of the clumpiness"}
  - {name: paired, type: int64, unit: "customers", doc: "customers with at least one such pair"}
  - {name: pairs, type: int64, unit: "1", doc: "sum over customers of the pauses in the later half of those that began 28 days and more after the second order, and in the earlier half"}
  - {name: later_less_earlier, type: int64, unit: "1/4096", doc: "logarithms of the later half of these minus those of the earlier half"}
---*/
WITH people AS (
  SELECT LEAST(gaps, 200) AS gap_count, gaps, bucket, sum_log, sum_log_squared, x_idiv(sum_log * sum_log, GREATEST(gaps, 1)) AS between_part, COALESCE(CAST(FLOOR(10000 * clumpiness + 0.5) AS BIGINT), 0) AS clumps, pairs, later_less_earlier
  FROM analytics.fct_rhythm_customers
)
SELECT CAST(gap_count AS BIGINT) AS gaps, CAST(bucket AS BIGINT) AS bucket, COUNT(*) AS customers, SUM(gaps) AS sum_gaps, SUM(sum_log) AS sum_log, SUM(between_part) AS between_sum, SUM(sum_log_squared - between_part) AS within_sum,
  SUM(clumps) AS clumpiness, SUM(CASE WHEN pairs > 0 THEN 1 ELSE 0 END) AS paired, SUM(pairs) AS pairs, SUM(later_less_earlier) AS later_less_earlier
FROM people
GROUP BY gap_count, bucket
