/*---
table: scenarios.fct_stage_days
grain: [ck, from_day]
reads: [core.customers, lifecycle.fct_grid, lifecycle.fct_panel, lifecycle.fct_stage_runs, scenarios.fct_stages, scenarios.fct_window]
doc: >-
  The stage that was in force on the days of the panel and after it: the one evaluated at the end of the period before. A new customer has the stage of the end of
  his first period from the day on which he was first seen; who came before the panel and whose earlier stage is not known has that of the first period.
  The spans of one customer follow each other without a gap up to the end of the panel or, when the audited window ends in the middle of a period, to the end of the window:
  the stage at the end of the last complete period is then still in force.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: st, type: int64, unit: "1", doc: "stage key, scenarios.fct_stages.st"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first day"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last"}
---*/
WITH panel AS (
  SELECT p.first_period, g.start_day, GREATEST(p.end_day, w.to_day) AS end_day
  FROM lifecycle.fct_panel p JOIN lifecycle.fct_grid g ON g.period = p.first_period CROSS JOIN scenarios.fct_window w
),
firsts AS (
  SELECT ck, MIN(first_period) AS first_period FROM lifecycle.fct_stage_runs GROUP BY ck
),
runs AS (
  SELECT r.ck, r.bucket, r.stage,
    CASE
      WHEN r.first_period > f.first_period THEN a.end_day
      WHEN r.first_period = p.first_period AND r.age_at_first = 1 AND r.prev_stage IS NOT NULL THEN a.end_day
      ELSE GREATEST(p.start_day, LEAST(c.first_seen_day, a.end_day)) END AS from_day,
    COALESCE(b.end_day, p.end_day) AS to_day
  FROM lifecycle.fct_stage_runs r
  JOIN firsts f ON f.ck = r.ck
  JOIN core.customers c ON c.ck = r.ck
  CROSS JOIN panel p
  JOIN lifecycle.fct_grid a ON a.period = r.first_period
  LEFT JOIN lifecycle.fct_grid b ON b.period = r.last_period + 1
  UNION ALL
  SELECT r.ck, r.bucket, r.prev_stage, p.start_day, g.end_day
  FROM lifecycle.fct_stage_runs r
  JOIN panel p ON p.first_period = r.first_period
  JOIN lifecycle.fct_grid g ON g.period = r.first_period
  WHERE r.age_at_first = 1 AND r.prev_stage IS NOT NULL
)
SELECT r.ck, CAST(r.bucket AS INTEGER) AS bucket, s.st, CAST(r.from_day AS INTEGER) AS from_day, CAST(r.to_day AS INTEGER) AS to_day
FROM runs r JOIN scenarios.fct_stages s ON s.stage = r.stage
WHERE r.from_day < r.to_day
