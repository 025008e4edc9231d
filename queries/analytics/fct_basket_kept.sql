/*---
table: analytics.fct_basket_kept
block: bundles
grain: [universe, a, b]
reads: [analytics.fct_basket_items, analytics.fct_basket_pairs, analytics.fct_basket_sizes]
doc: >-
  Pairs that go to the statistics: together in at least 5 baskets, or expected in at least 10 by the products' own frequency. Where there are more than 2500 (orders) or 500 (categories, quarters), those whose
  baskets speak loudest for a bundle by n ln(plain lift).
columns:
  - {name: universe, type: int64, unit: "1", doc: "kind of basket, analytics.fct_basket_entries"}
  - {name: a, type: int64, unit: "1", doc: "the one with the smaller key"}
  - {name: b, type: int64, unit: "1", doc: "the other"}
  - {name: n, type: int64, unit: "baskets", doc: "baskets with both"}
  - {name: place, type: int64, unit: "1", doc: "place by n ln(plain lift), 1 = the loudest"}
  - {name: pairs, type: int64, unit: "pairs", doc: "pairs that could have been kept"}
---*/
WITH baskets AS (
  SELECT universe, CAST(SUM(n) AS BIGINT) AS n FROM analytics.fct_basket_sizes WHERE ca = 0 GROUP BY universe
),
sums AS (
  SELECT universe, a, b, CAST(SUM(n) AS BIGINT) AS n FROM analytics.fct_basket_pairs GROUP BY universe, a, b
),
places AS (
  SELECT s.universe, s.a, s.b, s.n, COUNT(*) OVER (PARTITION BY s.universe) AS pairs,
    ROW_NUMBER() OVER (PARTITION BY s.universe ORDER BY s.n * ln(x_ratio(s.n * t.n, x.n * y.n)) DESC NULLS LAST, s.a NULLS LAST, s.b NULLS LAST) AS place
  FROM sums s
  JOIN baskets t ON t.universe = s.universe
  JOIN analytics.fct_basket_items x ON x.universe = s.universe AND x.it = s.a
  JOIN analytics.fct_basket_items y ON y.universe = s.universe AND y.it = s.b
  WHERE s.n >= 5 OR x.n * y.n >= 10 * t.n
)
SELECT universe, a, b, n, CAST(place AS INTEGER) AS place, pairs
FROM places
WHERE place <= CASE WHEN universe = 1 THEN 2500 ELSE 500 END
