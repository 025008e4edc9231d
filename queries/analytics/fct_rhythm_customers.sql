/*---
table: analytics.fct_rhythm_customers
block: rhythm
grain: [ck]
reads: [core.customers, lifecycle.fct_order_days, scenarios.fct_window]
doc: >-
  Everybody who ever ordered, with the sums of his pauses between order days (several orders of one day are one order day). Logarithms are natural and whole numbers of 1/4096, so that sums do not depend on the order of rows.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: orders, type: int64, unit: "orders", doc: "orders in all"}
  - {name: gaps, type: int64, unit: "gaps", doc: "pauses between neighbouring order days = order days - 1"}
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "first order day"}
  - {name: last_day, type: int64, unit: "days since 1970-01-01", doc: "last order day"}
  - {name: open_days, type: int64, unit: "days", doc: "whole days without an order since the last order day, up to the end of the data: the open pause is longer than this"}
  - {name: sum_gap, type: int64, unit: "days", doc: "sum of the pauses"}
  - {name: sum_gap_squared, type: int64, unit: "days^2", doc: "sum of their squares"}
  - {name: median_half_days, type: int64, unit: "half days", nullable: true, doc: "median of the pauses, doubled so that a median between two days is whole; NULL without one"}
  - {name: sum_log, type: int64, unit: "1/4096", doc: "sum of the logarithms of the pauses"}
  - {name: sum_log_squared, type: int64, unit: "1/4096^2", doc: "sum of the squares of these logarithms"}
  - {name: second_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "second order day; NULL without one"}
  - {name: pairs, type: int64, unit: "gaps", doc: "half the pauses that began 28 days and more after the second order, rounded down"}
  - {name: later_less_earlier, type: int64, unit: "1/4096", doc: "of these pauses - sum of the logarithms of their later half minus that of the earlier half; the middle one of an odd number is in neither. The first pause is a matter of its own, and right after an order a customer is busier than at any moment, such as the end of the data"}
  - {name: clumpiness, type: float64, unit: "1", nullable: true, doc: "1 + sum of x ln x / ln(gaps + 1) over the pauses and the open one as shares x of the days since the first order: 0 = evenly spread, near 1 = all in one clump; NULL without a pause"}
  - {name: cv, type: float64, unit: "1", nullable: true, doc: "coefficient of variation of the pauses (standard deviation with n - 1 / mean); NULL with fewer than two"}
---*/
WITH sizes AS (
  SELECT ck, COUNT(*) AS order_days, SUM(orders) AS orders, MIN(day) AS first_day, MAX(day) AS last_day, MIN(CASE WHEN number = 2 THEN day END) AS second_day, x_median(gap_days) AS median_gap
  FROM lifecycle.fct_order_days
  GROUP BY ck
),
gaps AS (
  SELECT ck, day - gap_days AS begun, gap_days AS gap, number, CAST(FLOOR(4096 * LN(gap_days) + 0.5) AS BIGINT) AS log_gap, CAST(FLOOR(4096 * gap_days * LN(gap_days) + 0.5) AS BIGINT) AS gap_log_gap
  FROM lifecycle.fct_order_days
  WHERE number > 1
),
kept AS ( -- the last ones of a customer
  SELECT g.ck, COUNT(*) AS kept FROM gaps g JOIN sizes s ON s.ck = g.ck WHERE g.begun >= s.second_day + 28 GROUP BY g.ck
),
sums AS (
  SELECT g.ck, MIN(k.kept) AS kept, SUM(CAST(g.gap AS BIGINT)) AS sum_gap, SUM(CAST(g.gap AS BIGINT) * g.gap) AS sum_gap_squared, SUM(g.log_gap) AS sum_log, SUM(g.log_gap * g.log_gap) AS sum_log_squared, SUM(g.gap_log_gap) AS sum_gap_log,
    SUM(CASE WHEN k.kept IS NULL OR s.order_days - g.number >= k.kept THEN 0 WHEN 2 * (s.order_days - g.number + 1) <= k.kept THEN g.log_gap WHEN 2 * (s.order_days - g.number) >= k.kept THEN 0 - g.log_gap ELSE 0 END) AS later_less_earlier
  FROM gaps g JOIN sizes s ON s.ck = g.ck LEFT JOIN kept k ON k.ck = g.ck
  GROUP BY g.ck
),
all_of AS (
  SELECT s.ck, s.orders, s.order_days - 1 AS gaps, s.first_day, s.last_day, GREATEST(w.end_day - 1 - s.last_day, 0) AS open_days, w.end_day - s.first_day AS age_days, w.end_day - s.last_day AS last_part, s.median_gap,
    COALESCE(g.sum_gap, 0) AS sum_gap, COALESCE(g.sum_gap_squared, 0) AS sum_gap_squared, COALESCE(g.sum_log, 0) AS sum_log, COALESCE(g.sum_log_squared, 0) AS sum_log_squared,
    COALESCE(g.sum_gap_log, 0) AS sum_gap_log, COALESCE(g.later_less_earlier, 0) AS later_less_earlier, x_idiv(COALESCE(g.kept, 0), 2) AS pairs, s.second_day
  FROM sizes s CROSS JOIN scenarios.fct_window w LEFT JOIN sums g ON g.ck = s.ck
)
SELECT a.ck, c.bucket, CAST(a.orders AS BIGINT) AS orders, CAST(a.gaps AS INTEGER) AS gaps, a.first_day, a.last_day, CAST(a.open_days AS INTEGER) AS open_days, CAST(a.sum_gap AS BIGINT) AS sum_gap,
  CAST(a.sum_gap_squared AS BIGINT) AS sum_gap_squared, CAST(2 * a.median_gap AS INTEGER) AS median_half_days, CAST(a.sum_log AS BIGINT) AS sum_log, CAST(a.sum_log_squared AS BIGINT) AS sum_log_squared,
  a.second_day, CAST(a.pairs AS INTEGER) AS pairs, CAST(a.later_less_earlier AS BIGINT) AS later_less_earlier,
  CASE WHEN a.gaps >= 1 AND a.last_part >= 1 THEN LEAST(GREATEST(1 + (x_ratio(x_ratio(a.sum_gap_log, 4096) + a.last_part * LN(a.last_part), a.age_days) - LN(a.age_days)) * x_ratio(1, LN(a.gaps + 1)), 0), 1) END AS clumpiness,
  CASE WHEN a.gaps >= 2 THEN SQRT(x_ratio(CAST(a.gaps * (a.gaps * a.sum_gap_squared - a.sum_gap * a.sum_gap) AS DOUBLE), (a.gaps - 1) * CAST(a.sum_gap * a.sum_gap AS DOUBLE))) END AS cv
FROM all_of a JOIN core.customers c ON c.ck = a.ck
