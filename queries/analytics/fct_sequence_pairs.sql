/*---
table: analytics.fct_sequence_pairs
block: bundles
grain: [a, b]
reads: [analytics.fct_products, analytics.fct_sequence_firsts, analytics.fct_sequence_items, analytics.fct_sequence_orders, analytics.fct_sequence_starts]
doc: >-
  What follows what, at a first glance: of the orders with a whose customers have not had b, those followed by b within 90 days, beside the share after all orders. The 120 pairs of products and 40 of categories that stand out most go to the
  statistics, each pair of products with that of the products of its category, where other customers of the same taste are found.
columns:
  - {name: a, type: int64, unit: "1", doc: "as in analytics.fct_sequence_starts"}
  - {name: b, type: int64, unit: "1", doc: "what is waited for"}
  - {name: kept, type: bool, unit: "1", doc: "goes to the statistics; false = the category of such a pair"}
  - {name: pairs, type: int64, unit: "pairs", doc: "pairs looked at"}
---*/
WITH everybody AS (
  SELECT COUNT(*) AS n FROM analytics.fct_sequence_orders
),
base AS (
  SELECT f.it AS b, COUNT(CASE WHEN f.first_day <= o.day THEN 1 END) AS had, COUNT(CASE WHEN f.first_day > o.day THEN 1 END) AS bought
  FROM analytics.fct_sequence_orders o JOIN analytics.fct_sequence_firsts f ON f.ck = o.ck AND f.first_day <= o.day + 90
  GROUP BY f.it
),
starts AS (
  SELECT a, COUNT(*) AS n FROM analytics.fct_sequence_starts WHERE a > -1000000 GROUP BY a
),
moves AS (
  SELECT s.a, f.it AS b, COUNT(CASE WHEN f.first_day <= s.day THEN 1 END) AS had, COUNT(CASE WHEN f.first_day > s.day THEN 1 END) AS bought
  FROM analytics.fct_sequence_starts s JOIN analytics.fct_sequence_firsts f ON f.ck = s.ck AND f.first_day <= s.day + 90 AND f.it <> s.a AND (f.it > 0) = (s.a > 0)
  WHERE s.a > -1000000
  GROUP BY s.a, f.it
),
shares AS (
  SELECT m.a, m.b, m.bought, n.n - m.had AS orders, x_ratio(b.bought, e.n - b.had) AS share
  FROM moves m JOIN starts n ON n.a = m.a JOIN base b ON b.b = m.b CROSS JOIN everybody e
),
places AS (
  SELECT a, b, ROW_NUMBER() OVER (PARTITION BY a > 0 ORDER BY x_ratio(bought - orders * share, sqrt(orders * share)) DESC NULLS LAST, a NULLS LAST, b NULLS LAST) AS place,
    COUNT(*) OVER (PARTITION BY a > 0) AS pairs
  FROM shares
  WHERE orders >= 30 AND bought >= 5
),
kept AS (
  SELECT a, b, pairs FROM places WHERE place <= CASE WHEN a > 0 THEN 120 ELSE 40 END
)
SELECT a, b, MAX(CASE WHEN kept THEN 1 ELSE 0 END) = 1 AS kept, MAX(pairs) AS pairs
FROM (
  SELECT a, b, true AS kept, pairs FROM kept
  UNION ALL
  SELECT i.it - 1000000, k.b, false, 0
  FROM kept k JOIN analytics.fct_products p ON p.pr = k.a JOIN analytics.fct_sequence_items i ON i.it = -p.ca
) q
GROUP BY a, b
