/*---
table: analytics.rhythms
block: rhythm
grain: [customer_id]
reads: [core.customers, analytics.fct_rhythm_customers, analytics.rhythm_cells, analytics.rhythm_model, analytics.rhythm_quantiles]
doc: >-
  The purchase rhythm of everybody who ever ordered. A view: it is computed when it is read. The expected next order and the lateness threshold are those of the customer's own pauses, drawn towards the usual ones the fewer he has; with fewer
  than two pauses they are the usual ones (source prior). Order days count, so two orders of one day are one.
view: true
columns:
  - {name: customer_id, type: string, doc: "customer"}
  - {name: orders, type: int64, unit: "orders", doc: "orders in all"}
  - {name: median_gap_days, type: float64, unit: "days", nullable: true, doc: "median of his own pauses between order days; NULL without one"}
  - {name: regularity, type: float64, unit: "1", nullable: true, doc: "coefficient of variation of his pauses: 0 = like a clock, 1 = by chance, more = in clumps; NULL with fewer than two"}
  - {name: rhythm, type: string, doc: "group or band of analytics.rhythm_groups; few_gaps (two pauses, or no groups could be made), prior (fewer)"}
  - {name: next_expected_at, type: date, nullable: true, doc: "day on which the next order is half likely to have come, counted from the last one; it lies in the past for who is overdue. NULL when no model could be fitted"}
  - {name: gaps, type: int64, unit: "gaps", doc: "his pauses"}
  - {name: source, type: string, doc: "own (two pauses and more), prior (fewer: the rhythm is that of a usual customer), none (no model could be fitted)"}
  - {name: expected_gap_days, type: float64, unit: "days", nullable: true, doc: "median of his next pause, as the model has it"}
  - {name: late_after_days, type: float64, unit: "days", nullable: true, doc: "90 of 100 of such pauses are shorter (posterior predictive quantile, held against the data: analytics.rhythm_quantiles)"}
  - {name: open_days, type: int64, unit: "days", doc: "whole days without an order since the last one, at the end of the data"}
  - {name: late, type: bool, unit: "1", nullable: true, doc: "open_days is more than late_after_days; NULL when no model could be fitted"}
  - {name: clumpiness, type: float64, unit: "1", nullable: true, doc: "0 = orders spread evenly since the first one, near 1 = all in one clump; NULL without a pause"}
  - {name: last_order_day, type: int64, unit: "days since 1970-01-01", doc: "last order day"}
---*/
WITH model AS (
  SELECT MAX(mean_log) AS mean_log, MAX(within_variance) AS within_variance, MAX(between_variance) AS between_variance, MAX(prior_gaps) AS prior_gaps FROM analytics.rhythm_model
),
binned AS (
  SELECT ck, orders, gaps, last_day, open_days, median_half_days, cv, clumpiness, sum_log,
    CASE WHEN gaps >= 3 THEN x_idiv(x_idiv(8 * sum_log, gaps), 4096) END AS mean_bin, CASE WHEN gaps >= 3 THEN CAST(FLOOR(4 * LN(GREATEST(20 * cv, 1))) AS BIGINT) END AS cv_bin,
    CASE WHEN gaps < 2 THEN 0 WHEN gaps <= 4 THEN gaps WHEN gaps <= 8 THEN 5 ELSE 9 END AS gap_class
  FROM analytics.fct_rhythm_customers
),
posterior AS (
  SELECT r.ck, r.orders, r.gaps, r.last_day, r.open_days, r.median_half_days, r.cv, r.clumpiness, r.mean_bin, r.cv_bin, q.quantile,
    CASE WHEN r.gaps < 2 THEN m.mean_log ELSE x_ratio(m.prior_gaps * m.mean_log + x_ratio(r.sum_log, 4096), m.prior_gaps + r.gaps) END AS mu,
    m.within_variance + CASE WHEN r.gaps < 2 THEN m.between_variance ELSE x_ratio(m.within_variance, m.prior_gaps + r.gaps) END AS variance
  FROM binned r CROSS JOIN model m LEFT JOIN analytics.rhythm_quantiles q ON q.gap_class = r.gap_class
),
days AS (
  SELECT ck, orders, gaps, last_day, open_days, median_half_days, cv, clumpiness, mean_bin, cv_bin, LEAST(EXP(mu), 36500) AS expected, LEAST(EXP(mu + quantile * SQRT(variance)), 36500) AS late_after
  FROM posterior
)
SELECT c.customer_id, d.orders, x_ratio(d.median_half_days, 2) AS median_gap_days, d.cv AS regularity, CASE WHEN d.gaps < 2 THEN 'prior' ELSE COALESCE(g.rhythm, 'few_gaps') END AS rhythm,
  CASE WHEN d.expected IS NOT NULL THEN x_date(d.last_day + CAST(FLOOR(d.expected + 0.5) AS BIGINT)) END AS next_expected_at, CAST(d.gaps AS BIGINT) AS gaps,
  CASE WHEN d.expected IS NULL THEN 'none' WHEN d.gaps < 2 THEN 'prior' ELSE 'own' END AS source, d.expected AS expected_gap_days, d.late_after AS late_after_days, CAST(d.open_days AS BIGINT) AS open_days,
  d.open_days > d.late_after AS late, d.clumpiness, CAST(d.last_day AS BIGINT) AS last_order_day
FROM days d
JOIN core.customers c ON c.ck = d.ck
LEFT JOIN analytics.rhythm_cells g ON g.mean_bin = d.mean_bin AND g.cv_bin = d.cv_bin
