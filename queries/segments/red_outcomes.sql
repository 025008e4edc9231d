/*---
table: segments.red_outcomes
grain: [gk, st, bucket]
reads: [core.orders, lifecycle.fct_grid, lifecycle.fct_panel, scenarios.fct_stage_days, scenarios.fct_window, segments.fct_members]
doc: >-
  Who of the members of a day ordered in the days after it, by life-cycle stage on that day; under gk 0 everybody who was known then. The day is 56 days before the
  end of the audited and loaded time, or the first day of the panel when that is later.
max_rows: 4000000
columns:
  - {name: gk, type: int64, unit: "1", doc: "segment key; 0 = every customer"}
  - {name: st, type: int64, unit: "1", doc: "stage key, scenarios.fct_stages.st"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: days, type: int64, unit: "days", doc: "length of the outcome's window, the same in every row"}
  - {name: n, type: int64, unit: "customers", doc: "members on the day"}
  - {name: ordered, type: int64, unit: "customers", doc: "of them, with an order within the window"}
---*/
WITH points AS (
  SELECT GREATEST(w.to_day - 56, g.start_day) AS day, w.to_day
  FROM scenarios.fct_window w
  CROSS JOIN lifecycle.fct_panel p
  JOIN lifecycle.fct_grid g ON g.period = p.first_period
),
buyers AS (
  SELECT o.ck FROM core.orders o JOIN points x ON o.day >= x.day AND o.day < x.to_day GROUP BY o.ck
),
customers AS (
  SELECT d.ck, d.bucket, d.st, x.day, x.to_day - x.day AS days, CASE WHEN b.ck IS NULL THEN 0 ELSE 1 END AS ordered
  FROM scenarios.fct_stage_days d
  JOIN points x ON d.from_day <= x.day AND d.to_day > x.day AND x.day < x.to_day
  LEFT JOIN buyers b ON b.ck = d.ck
),
parts AS (
  SELECT 0 AS gk, st, bucket, days, COUNT(*) AS n, SUM(ordered) AS ordered FROM customers GROUP BY st, bucket, days
  UNION ALL
  SELECT m.gk, c.st, c.bucket, c.days, COUNT(*), SUM(c.ordered)
  FROM segments.fct_members m JOIN customers c ON c.ck = m.ck
  WHERE m.from_day <= c.day AND m.to_day > c.day
  GROUP BY m.gk, c.st, c.bucket, c.days
)
SELECT CAST(gk AS BIGINT) AS gk, CAST(st AS BIGINT) AS st, CAST(bucket AS BIGINT) AS bucket, CAST(days AS BIGINT) AS days, CAST(n AS BIGINT) AS n,
  CAST(ordered AS BIGINT) AS ordered
FROM parts
