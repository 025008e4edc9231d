/*---
table: analytics.fct_basket_limits
block: bundles
grain: [universe]
reads: [analytics.fct_basket_entries, analytics.fct_basket_items, analytics.fct_basket_sizes]
doc: >-
  How many of the products (categories) that are in most baskets enter pairs, so that no more than 12 million pairs in baskets are counted: all that are in at least 20 baskets if these are few enough, else the first
  20000, 5000, 2000, 1000, 500, 200, 100, 50 or 20.
columns:
  - {name: universe, type: int64, unit: "1", doc: "kind of basket, analytics.fct_basket_entries"}
  - {name: pairs, type: int64, unit: "pairs", doc: "pairs in all baskets together, counted once per basket"}
  - {name: places, type: int64, unit: "1", doc: "how many enter pairs; 1000000000 = all in at least 20 baskets"}
---*/
WITH works AS (
  SELECT universe, CAST(SUM(n * x_idiv(CAST(size AS BIGINT) * (size - 1), 2)) AS BIGINT) AS pairs
  FROM analytics.fct_basket_sizes
  WHERE ca = 0
  GROUP BY universe
),
parts AS (
  SELECT e.universe, e.k, COUNT(*) AS every,
    SUM(CASE WHEN i.place <= 20000 THEN 1 ELSE 0 END) AS f20000, SUM(CASE WHEN i.place <= 5000 THEN 1 ELSE 0 END) AS f5000, SUM(CASE WHEN i.place <= 2000 THEN 1 ELSE 0 END) AS f2000,
    SUM(CASE WHEN i.place <= 1000 THEN 1 ELSE 0 END) AS f1000, SUM(CASE WHEN i.place <= 500 THEN 1 ELSE 0 END) AS f500, SUM(CASE WHEN i.place <= 200 THEN 1 ELSE 0 END) AS f200,
    SUM(CASE WHEN i.place <= 100 THEN 1 ELSE 0 END) AS f100, SUM(CASE WHEN i.place <= 50 THEN 1 ELSE 0 END) AS f50
  FROM analytics.fct_basket_entries e
  JOIN works w ON w.universe = e.universe
  JOIN analytics.fct_basket_items i ON i.universe = e.universe AND i.it = e.it
  WHERE w.pairs > 12000000 AND i.n >= 20
  GROUP BY e.universe, e.k
),
sums AS (
  SELECT universe, SUM(every * (every - 1)) AS every, SUM(f20000 * (f20000 - 1)) AS w20000, SUM(f5000 * (f5000 - 1)) AS w5000, SUM(f2000 * (f2000 - 1)) AS w2000, SUM(f1000 * (f1000 - 1)) AS w1000,
    SUM(f500 * (f500 - 1)) AS w500, SUM(f200 * (f200 - 1)) AS w200, SUM(f100 * (f100 - 1)) AS w100, SUM(f50 * (f50 - 1)) AS w50
  FROM parts
  GROUP BY universe
)
SELECT w.universe, w.pairs,
  CAST(CASE WHEN s.universe IS NULL OR s.every <= 24000000 THEN 1000000000 WHEN s.w20000 <= 24000000 THEN 20000 WHEN s.w5000 <= 24000000 THEN 5000 WHEN s.w2000 <= 24000000 THEN 2000
    WHEN s.w1000 <= 24000000 THEN 1000 WHEN s.w500 <= 24000000 THEN 500 WHEN s.w200 <= 24000000 THEN 200 WHEN s.w100 <= 24000000 THEN 100 WHEN s.w50 <= 24000000 THEN 50 ELSE 20 END AS INTEGER) AS places
FROM works w LEFT JOIN sums s ON s.universe = w.universe
