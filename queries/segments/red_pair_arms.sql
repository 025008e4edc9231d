/*---
table: segments.red_pair_arms
block: pairs
grain: [experiment_id, arm, gk, bucket]
reads: [core.assignments, core.customers, lifecycle.fct_order_days, scenarios.fct_window, segments.fct_members, segments.red_pair_list]
doc: >-
  Randomized customers by arm and by the segments in which they were on the day before they were assigned, with what they ordered in the 28 days after it. A customer with two arms of one experiment, or
  whose 28 days are not over, is not here.
max_rows: 2000000
columns:
  - {name: experiment_id, type: string, doc: "experiment"}
  - {name: arm, type: string, doc: "arm"}
  - {name: gk, type: int64, unit: "1", doc: "segment key; 0 = every customer of the arm"}
  - {name: bucket, type: int64, unit: "1", doc: "group of customers 0..49"}
  - {name: n, type: int64, unit: "customers", doc: "assigned"}
  - {name: ordered, type: int64, unit: "customers", doc: "of them with an order on the 28 days after the day of assignment"}
  - {name: revenue_minor, type: int64, unit: "minor currency units", doc: "order value on those days"}
---*/
WITH units AS (
  SELECT a.experiment_id, a.ck, MIN(a.arm) AS arm, MIN(a.assigned_day) AS day
  FROM core.assignments a
  GROUP BY a.experiment_id, a.ck
  HAVING COUNT(DISTINCT a.arm) = 1
),
ripe AS (
  SELECT CAST(u.experiment_id AS VARCHAR) AS experiment_id, CAST(u.arm AS VARCHAR) AS arm, u.ck, u.day
  FROM units u CROSS JOIN scenarios.fct_window w
  WHERE u.day + 28 < w.end_day AND u.day > w.first_day
),
bought AS (
  SELECT u.experiment_id, u.ck, SUM(o.revenue_minor) AS revenue_minor
  FROM ripe u JOIN lifecycle.fct_order_days o ON o.ck = u.ck AND o.day > u.day AND o.day <= u.day + 28
  GROUP BY u.experiment_id, u.ck
),
people AS (
  SELECT u.experiment_id, u.arm, u.ck, u.day, CAST(x_idiv(c.bucket, 2) AS INTEGER) AS bucket, CASE WHEN b.ck IS NULL THEN 0 ELSE 1 END AS ordered, COALESCE(b.revenue_minor, 0) AS revenue_minor
  FROM ripe u JOIN core.customers c ON c.ck = u.ck LEFT JOIN bought b ON b.ck = u.ck AND b.experiment_id = u.experiment_id
),
placed AS (
  SELECT p.experiment_id, p.arm, m.gk, p.bucket, p.ordered, p.revenue_minor
  FROM people p
  JOIN segments.fct_members m ON m.ck = p.ck AND m.from_day < p.day AND m.to_day >= p.day
  JOIN segments.red_pair_list l ON l.gk = m.gk AND l.compared
  UNION ALL
  SELECT experiment_id, arm, 0, bucket, ordered, revenue_minor FROM people
)
SELECT experiment_id, arm, CAST(gk AS BIGINT) AS gk, bucket, COUNT(*) AS n, CAST(SUM(ordered) AS BIGINT) AS ordered, CAST(SUM(revenue_minor) AS BIGINT) AS revenue_minor
FROM placed
GROUP BY experiment_id, arm, gk, bucket
