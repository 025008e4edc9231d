/*---
table: scenarios.fct_holdout_outcomes
block: effects
grain: [sk, experiment_id, ck]
reads: [core.messages, lifecycle.fct_order_days, scenarios.fct_better_stages, scenarios.fct_holdout_units, scenarios.fct_messages, scenarios.fct_stage_days]
doc: What became of every randomized customer within the outcome window, and the same behaviour in an equal window before the assignment.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: experiment_id, type: string, doc: "experiment; empty for the control arm of enrolments"}
  - {name: xk, type: int64, unit: "1", doc: "key of the hold-out, as in fct_holdout_units"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: treated, type: bool, unit: "1", doc: "arm"}
  - {name: ordered, type: int64, unit: "1", doc: "1 with an order on (d, d + H]"}
  - {name: ordered_before, type: int64, unit: "1", doc: "1 with an order on [d - H, d)"}
  - {name: revenue_minor, type: int64, unit: "minor currency units", doc: "order value on (d, d + H]"}
  - {name: before_minor, type: int64, unit: "minor currency units", doc: "order value on [d - H, d)"}
  - {name: unsubscribed, type: int64, unit: "1", doc: "1 with an unsubscription on (d, d + H]"}
  - {name: better, type: int64, unit: "1", nullable: true, doc: "1 when in a better stage at d + H than at d; NULL when a stage is not known"}
  - {name: messaged, type: int64, unit: "1", doc: "1 with a message of the scenario on [d, d + H]"}
  - {name: messaged_before, type: int64, unit: "1", doc: "1 with a message of the scenario on [d - H, d)"}
---*/
WITH bought AS (
  SELECT u.xk, u.ck, MAX(CASE WHEN o.day > u.day THEN 1 ELSE 0 END) AS ordered, MAX(CASE WHEN o.day < u.day THEN 1 ELSE 0 END) AS ordered_before,
    SUM(CASE WHEN o.day > u.day THEN o.revenue_minor ELSE 0 END) AS revenue_minor, SUM(CASE WHEN o.day < u.day THEN o.revenue_minor ELSE 0 END) AS before_minor
  FROM scenarios.fct_holdout_units u JOIN lifecycle.fct_order_days o ON o.ck = u.ck AND o.day >= u.day - u.horizon_days AND o.day <= u.day + u.horizon_days
  GROUP BY u.xk, u.ck
),
sent AS (
  SELECT u.xk, u.ck, MAX(CASE WHEN m.day >= u.day THEN 1 ELSE 0 END) AS messaged, MAX(CASE WHEN m.day < u.day THEN 1 ELSE 0 END) AS messaged_before
  FROM scenarios.fct_holdout_units u JOIN scenarios.fct_messages m ON m.ck = u.ck AND m.sk = u.sk AND m.day >= u.day - u.horizon_days AND m.day <= u.day + u.horizon_days
  GROUP BY u.xk, u.ck
),
leaving AS (
  SELECT ck, unsubscribed_day AS day FROM core.messages WHERE unsubscribed_day IS NOT NULL GROUP BY ck, unsubscribed_day
),
gone AS (
  SELECT u.xk, u.ck FROM scenarios.fct_holdout_units u JOIN leaving l ON l.ck = u.ck AND l.day > u.day AND l.day <= u.day + u.horizon_days
  GROUP BY u.xk, u.ck
),
moved AS (
  SELECT u.xk, u.ck, MAX(CASE WHEN b.to_st IS NULL THEN 0 ELSE 1 END) AS better
  FROM scenarios.fct_holdout_units u
  JOIN scenarios.fct_stage_days a ON a.ck = u.ck AND a.from_day <= u.day AND a.to_day > u.day
  JOIN scenarios.fct_stage_days z ON z.ck = u.ck AND z.from_day <= u.day + u.horizon_days AND z.to_day > u.day + u.horizon_days
  LEFT JOIN scenarios.fct_better_stages b ON b.from_st = a.st AND b.to_st = z.st
  GROUP BY u.xk, u.ck
)
SELECT u.sk, u.experiment_id, u.xk, u.ck, u.bucket, u.treated, COALESCE(b.ordered, 0) AS ordered, COALESCE(b.ordered_before, 0) AS ordered_before,
  CAST(COALESCE(b.revenue_minor, 0) AS BIGINT) AS revenue_minor, CAST(COALESCE(b.before_minor, 0) AS BIGINT) AS before_minor, CASE WHEN g.ck IS NULL THEN 0 ELSE 1 END AS unsubscribed,
  m.better, COALESCE(s.messaged, 0) AS messaged, COALESCE(s.messaged_before, 0) AS messaged_before
FROM scenarios.fct_holdout_units u
LEFT JOIN bought b ON b.xk = u.xk AND b.ck = u.ck
LEFT JOIN sent s ON s.xk = u.xk AND s.ck = u.ck
LEFT JOIN gone g ON g.xk = u.xk AND g.ck = u.ck
LEFT JOIN moved m ON m.xk = u.xk AND m.ck = u.ck
