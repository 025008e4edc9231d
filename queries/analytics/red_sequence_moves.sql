/*---
table: analytics.red_sequence_moves
block: bundles
grain: [a, b, cell, seen, outcome, bucket]
reads: [analytics.fct_sequence_firsts, analytics.fct_sequence_orders, analytics.fct_sequence_pairs, analytics.fct_sequence_starts]
doc: >-
  Of the orders of analytics.red_sequence_orders those whose customer buys b for the first time: before or with the order (outcome 0: not a beginning for b), or in the first, second or third 30 days after it.
max_rows: 4000000
columns:
  - {name: a, type: int64, unit: "1", doc: "as in analytics.red_sequence_orders"}
  - {name: b, type: int64, unit: "1", doc: "product or category that is waited for"}
  - {name: cell, type: int64, unit: "1", doc: "as in analytics.fct_sequence_orders"}
  - {name: seen, type: int64, unit: "1", doc: "as there"}
  - {name: outcome, type: int64, unit: "1", doc: "0 = had b by the day of the order, 1 to 3 = part of 30 days in which b is bought first"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket / 4: 0..24"}
  - {name: n, type: int64, unit: "orders", doc: "orders"}
---*/
WITH ends AS (
  SELECT 0 AS a, f.it AS b, o.cell, o.seen, o.bucket, o.day, f.first_day, 1 AS n
  FROM analytics.fct_sequence_orders o JOIN analytics.fct_sequence_firsts f ON f.ck = o.ck AND f.first_day <= o.day + 90
  UNION ALL
  SELECT s.a, f.it, s.cell, s.seen, s.bucket, s.day, f.first_day, s.n
  FROM analytics.fct_sequence_starts s
  JOIN analytics.fct_sequence_pairs p ON p.a = s.a
  JOIN analytics.fct_sequence_firsts f ON f.ck = s.ck AND f.it = p.b AND f.first_day <= s.day + 90
),
outcomes AS (
  SELECT a, b, cell, seen, bucket, n, CASE WHEN first_day <= day THEN 0 ELSE 1 + x_idiv(first_day - day - 1, 30) END AS outcome
  FROM ends
)
SELECT a, b, cell, seen, outcome, bucket, CAST(SUM(n) AS BIGINT) AS n
FROM outcomes
GROUP BY a, b, cell, seen, outcome, bucket
