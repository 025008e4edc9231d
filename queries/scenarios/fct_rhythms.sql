/*---
table: scenarios.fct_rhythms
grain: [ck]
reads: [lifecycle.fct_order_days, scenarios.fct_window]
doc: >-
  The usual distance between two orders of a customer, known before the audited window: the median of his own gaps when there are at least three, else the middle
  one of the medians of those who have three. Empty when nobody has.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key, everybody who ever ordered"}
  - {name: rhythm_half_days, type: int64, unit: "half days", doc: "rhythm, doubled so that a median between two days is whole"}
  - {name: gaps, type: int64, unit: "gaps", doc: "own gaps before the window"}
  - {name: own, type: bool, unit: "1", doc: "his own rhythm; else the typical one"}
---*/
WITH customers AS (
  SELECT o.ck, SUM(CASE WHEN o.day < w.from_day AND o.gap_days IS NOT NULL THEN 1 ELSE 0 END) AS gaps,
    CAST(2 * x_median(CASE WHEN o.day < w.from_day THEN o.gap_days END) AS INTEGER) AS half_days
  FROM lifecycle.fct_order_days o CROSS JOIN scenarios.fct_window w
  GROUP BY o.ck
),
ranked AS (
  SELECT half_days, ROW_NUMBER() OVER (ORDER BY half_days NULLS LAST, ck NULLS LAST) AS place, COUNT(*) OVER () AS n
  FROM customers
  WHERE gaps >= 3
),
typical AS (
  SELECT half_days FROM ranked WHERE place = x_idiv(n + 1, 2)
)
SELECT c.ck, CASE WHEN c.gaps >= 3 THEN c.half_days ELSE t.half_days END AS rhythm_half_days, c.gaps, c.gaps >= 3 AS own
FROM customers c CROSS JOIN typical t
