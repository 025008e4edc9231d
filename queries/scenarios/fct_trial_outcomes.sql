/*---
table: scenarios.fct_trial_outcomes
block: effects
grain: [ck, day, horizon_days]
reads: [core.messages, lifecycle.fct_order_days, scenarios.fct_better_stages, scenarios.fct_stage_days, scenarios.fct_trial_units]
doc: >-
  What became of a customer after a time zero, and, as placebo, what he had done long before: orders in the days (d - 407, d - 217] that no scenario of d can have caused and that no bin of
  fct_trial_points looks at. Without 91 days of history before d - 217 there is no placebo.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "time zero d"}
  - {name: horizon_days, type: int64, unit: "days", doc: "H: outcomes count on (d, d + H]"}
  - {name: ordered, type: int64, unit: "1", doc: "1 with an order in the window"}
  - {name: revenue_minor, type: int64, unit: "minor currency units", doc: "order value in the window"}
  - {name: before_minor, type: int64, unit: "minor currency units", doc: "order value on the H days before d"}
  - {name: unsubscribed, type: int64, unit: "1", doc: "1 with an unsubscription in the window"}
  - {name: better, type: int64, unit: "1", nullable: true, doc: "1 when in a better stage at d + H than at d (fct_better_stages); NULL when the panel ends before"}
  - {name: placebo, type: int64, unit: "1", nullable: true, doc: "1 with an order on (d - 407, d - 217]; NULL without history"}
  - {name: placebo_short, type: int64, unit: "1", nullable: true, doc: "1 with an order on the H days up to d - 217: a negative control on the scale of ordered"}
---*/
WITH times AS (
  SELECT ck, day, horizon_days FROM scenarios.fct_trial_units GROUP BY ck, day, horizon_days
),
history AS (
  SELECT MIN(day) AS first_day FROM lifecycle.fct_order_days
),
bought AS (
  SELECT t.ck, t.day, t.horizon_days, MAX(CASE WHEN o.day > t.day THEN 1 ELSE 0 END) AS ordered, SUM(CASE WHEN o.day > t.day THEN o.revenue_minor ELSE 0 END) AS revenue_minor,
    SUM(CASE WHEN o.day < t.day AND o.day >= t.day - t.horizon_days THEN o.revenue_minor ELSE 0 END) AS before_minor,
    MAX(CASE WHEN o.day <= t.day - 217 THEN 1 ELSE 0 END) AS placebo,
    MAX(CASE WHEN o.day <= t.day - 217 AND o.day > t.day - 217 - t.horizon_days THEN 1 ELSE 0 END) AS placebo_short
  FROM times t JOIN lifecycle.fct_order_days o ON o.ck = t.ck AND o.day > t.day - 407 AND o.day <= t.day + t.horizon_days
  GROUP BY t.ck, t.day, t.horizon_days
),
leaving AS (
  SELECT ck, unsubscribed_day AS day FROM core.messages WHERE unsubscribed_day IS NOT NULL GROUP BY ck, unsubscribed_day
),
gone AS (
  SELECT t.ck, t.day, t.horizon_days FROM times t JOIN leaving l ON l.ck = t.ck AND l.day > t.day AND l.day <= t.day + t.horizon_days GROUP BY t.ck, t.day, t.horizon_days
),
moved AS (
  SELECT t.ck, t.day, t.horizon_days, MAX(CASE WHEN b.to_st IS NULL THEN 0 ELSE 1 END) AS better
  FROM times t
  JOIN scenarios.fct_stage_days a ON a.ck = t.ck AND a.from_day <= t.day AND a.to_day > t.day
  JOIN scenarios.fct_stage_days z ON z.ck = t.ck AND z.from_day <= t.day + t.horizon_days AND z.to_day > t.day + t.horizon_days
  LEFT JOIN scenarios.fct_better_stages b ON b.from_st = a.st AND b.to_st = z.st
  GROUP BY t.ck, t.day, t.horizon_days
)
SELECT t.ck, t.day, t.horizon_days, COALESCE(b.ordered, 0) AS ordered, CAST(COALESCE(b.revenue_minor, 0) AS BIGINT) AS revenue_minor,
  CAST(COALESCE(b.before_minor, 0) AS BIGINT) AS before_minor, CASE WHEN g.ck IS NULL THEN 0 ELSE 1 END AS unsubscribed, m.better,
  CASE WHEN t.day - 217 - h.first_day >= 91 THEN COALESCE(b.placebo, 0) END AS placebo,
  CASE WHEN t.day - 217 - h.first_day >= 91 THEN COALESCE(b.placebo_short, 0) END AS placebo_short
FROM times t
CROSS JOIN history h
LEFT JOIN bought b ON b.ck = t.ck AND b.day = t.day AND b.horizon_days = t.horizon_days
LEFT JOIN gone g ON g.ck = t.ck AND g.day = t.day AND g.horizon_days = t.horizon_days
LEFT JOIN moved m ON m.ck = t.ck AND m.day = t.day AND m.horizon_days = t.horizon_days
