/*---
table: segments.red_pair_scope
block: pairs
grain: [buckets]
reads: [segments.fct_members, segments.red_pair_list, segments.red_pair_window]
doc: >-
  How the pairs are counted, one row. Many segments fold the buckets of customers to fewer groups; where customers are in so many segments that pairs of memberships pass 60 million, only a
  pseudo-random part of the customers is looked at, the same one in every table of pairs.
max_rows: 1
columns:
  - {name: segments, type: int64, unit: "segments", doc: "segments compared"}
  - {name: buckets, type: int64, unit: "1", doc: "groups of customers: 50 for up to 200 segments, 20 for 300"}
  - {name: pair_rows, type: int64, unit: "rows", doc: "pairs of memberships of one customer, all customers and windows"}
  - {name: keep, type: int64, unit: "per mille", doc: "customers looked at, 1000 = all"}
  - {name: size, type: int64, unit: "customers", doc: "members per segment that distances are computed from: 5,000, with many segments fewer, at least 500"}
---*/
WITH counted AS (
  SELECT COUNT(*) AS segments FROM segments.red_pair_list WHERE compared
),
customers AS (
  SELECT m.ck, w.number, COUNT(*) AS n
  FROM segments.fct_members m
  JOIN segments.red_pair_list l ON l.gk = m.gk
  JOIN segments.red_pair_window w ON m.from_day <= w.day AND m.to_day > w.day
  WHERE l.compared
  GROUP BY m.ck, w.number
),
pairs AS (
  SELECT CAST(COALESCE(SUM(x_idiv(n * (n - 1), 2)), 0) AS BIGINT) AS pair_rows FROM customers
)
SELECT c.segments, GREATEST(20, LEAST(50, x_idiv(1000000, GREATEST(x_idiv(c.segments * (c.segments - 1), 2), 1)))) AS buckets, p.pair_rows,
  LEAST(1000, GREATEST(1, x_idiv(60000000, GREATEST(x_idiv(p.pair_rows, 1000), 1)))) AS keep,
  GREATEST(500, LEAST(5000, x_idiv(200000, GREATEST(c.segments, 1)))) AS size
FROM counted c CROSS JOIN pairs p
