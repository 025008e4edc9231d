/*---
table: analytics.red_experiment_groups
block: experiments
grain: [xk, gk, nk, ak, state, bucket]
reads: [analytics.fct_experiment_caps, analytics.fct_experiment_events, analytics.fct_experiment_orders, analytics.fct_experiment_units, analytics.red_experiment_names, scenarios.fct_stage_days, scenarios.fct_stages, segments.fct_members, segments.fct_segments]
doc: >-
  As red_experiment_values, by the stage and the segments on the day of the assignment (of segments the forty with the most memberships), for orders, money and the events that audit.yaml names. The rows of nk 0 hold how many
  customers there are. Memberships without a date are not here: they may have come after the assignment.
max_rows: 5000000
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key"}
  - {name: gk, type: int64, unit: "1", doc: "group key: stage key st, or 1000 + segment key gk"}
  - {name: nk, type: int64, unit: "1", doc: "outcome key; 0: the customers of the group"}
  - {name: ak, type: int64, unit: "1", doc: "arm key"}
  - {name: state, type: int64, unit: "1", doc: "0: the outcome window is over; 1: it is open at the end of the data"}
  - {name: bucket, type: int64, unit: "1", doc: "half of the bucket, 0..49"}
  - {name: grouping, type: string, doc: "stage or segment"}
  - {name: group_value, type: string, doc: "stage or segment"}
  - {name: unit_minor, type: int64, unit: "minor currency units", doc: "what one unit of y and x is; 1 for what is not money"}
  - {name: n, type: int64, unit: "customers", doc: "customers of the group, for nk 0; else 0"}
  - {name: y, type: int64, unit: "units", doc: "sum of the outcome"}
  - {name: x, type: int64, unit: "units", doc: "sum of the covariate"}
  - {name: yy, type: int64, unit: "units^2", doc: "sum of squares of the outcome"}
  - {name: xx, type: int64, unit: "units^2", doc: "sum of squares of the covariate"}
  - {name: yx, type: int64, unit: "units^2", doc: "sum of their products"}
---*/
WITH sizes AS (
  SELECT gk, COUNT(*) AS n FROM segments.fct_members WHERE entered_day IS NOT NULL GROUP BY gk
),
largest AS (
  SELECT gk, ROW_NUMBER() OVER (ORDER BY n DESC NULLS LAST, gk NULLS LAST) AS place FROM sizes
),
members AS (
  SELECT m.ck, 1000 + m.gk AS gk, m.from_day, m.to_day
  FROM segments.fct_members m JOIN largest l ON l.gk = m.gk
  WHERE l.place <= 40 AND m.entered_day IS NOT NULL
),
names AS (
  SELECT 1000 + gk AS gk, 'segment' AS grouping, CAST(segment_id AS VARCHAR) AS group_value FROM segments.fct_segments
  UNION ALL
  SELECT st, 'stage', stage FROM scenarios.fct_stages
),
counted AS (
  SELECT u.xk, d.st AS gk, (u.ak * 2 + u.state) * 64 + x_idiv(u.bucket, 2) AS cell, COUNT(*) AS n
  FROM analytics.fct_experiment_units u JOIN scenarios.fct_stage_days d ON d.ck = u.ck AND d.from_day <= u.day AND d.to_day > u.day
  WHERE u.state <= 1
  GROUP BY u.xk, d.st, (u.ak * 2 + u.state) * 64 + x_idiv(u.bucket, 2)
  UNION ALL
  SELECT u.xk, m.gk, (u.ak * 2 + u.state) * 64 + x_idiv(u.bucket, 2), COUNT(*)
  FROM analytics.fct_experiment_units u JOIN members m ON m.ck = u.ck AND m.from_day <= u.day AND m.to_day > u.day
  WHERE u.state <= 1
  GROUP BY u.xk, m.gk, (u.ak * 2 + u.state) * 64 + x_idiv(u.bucket, 2)
),
bought AS (
  SELECT o.xk, o.ck, o.day, x_idiv(o.cell, 2) AS cell, c.unit_minor, c.cap, CASE WHEN o.orders > 0 THEN 1 ELSE 0 END AS ordered, CASE WHEN o.orders_before > 0 THEN 1 ELSE 0 END AS ordered_before,
    x_idiv(o.revenue_minor, c.unit_minor) AS revenue, x_idiv(o.before_minor, c.unit_minor) AS before, x_idiv(LEAST(o.revenue_minor, c.cap), c.unit_minor) AS cut, x_idiv(LEAST(o.before_minor, c.cap), c.unit_minor) AS cut_before
  FROM analytics.fct_experiment_orders o JOIN analytics.fct_experiment_caps c ON c.xk = o.xk
),
buyers AS (
  SELECT b.xk, d.st AS gk, b.cell, b.unit_minor, b.cap, b.ordered, b.ordered_before, b.revenue, b.before, b.cut, b.cut_before
  FROM bought b JOIN scenarios.fct_stage_days d ON d.ck = b.ck AND d.from_day <= b.day AND d.to_day > b.day
  UNION ALL
  SELECT b.xk, m.gk, b.cell, b.unit_minor, b.cap, b.ordered, b.ordered_before, b.revenue, b.before, b.cut, b.cut_before
  FROM bought b JOIN members m ON m.ck = b.ck AND m.from_day <= b.day AND m.to_day > b.day
),
money AS (
  SELECT xk, gk, cell, unit_minor, cap, SUM(ordered) AS o_y, SUM(ordered_before) AS o_x, SUM(ordered * ordered_before) AS o_yx, SUM(revenue) AS r_y, SUM(before) AS r_x, SUM(revenue * revenue) AS r_yy,
    SUM(before * before) AS r_xx, SUM(revenue * before) AS r_yx, SUM(cut) AS c_y, SUM(cut_before) AS c_x, SUM(cut * cut) AS c_yy, SUM(cut_before * cut_before) AS c_xx, SUM(cut * cut_before) AS c_yx
  FROM buyers
  GROUP BY xk, gk, cell, unit_minor, cap
),
acted AS (
  SELECT e.xk, e.ck, e.nk, e.day, x_idiv(e.cell, 2) AS cell, e.y, e.x
  FROM analytics.fct_experiment_events e JOIN analytics.red_experiment_names n ON n.xk = e.xk AND n.nk = e.nk
  WHERE n.listed
),
actors AS (
  SELECT a.xk, d.st AS gk, a.nk, a.cell, a.y, a.x
  FROM acted a JOIN scenarios.fct_stage_days d ON d.ck = a.ck AND d.from_day <= a.day AND d.to_day > a.day
  UNION ALL
  SELECT a.xk, m.gk, a.nk, a.cell, a.y, a.x
  FROM acted a JOIN members m ON m.ck = a.ck AND m.from_day <= a.day AND m.to_day > a.day
),
sums AS (
  SELECT xk, gk, 0 AS nk, cell, 1 AS unit_minor, n, 0 AS y, 0 AS x, 0 AS yy, 0 AS xx, 0 AS yx FROM counted
  UNION ALL
  SELECT xk, gk, 1, cell, 1, 0, o_y, o_x, o_y, o_x, o_yx FROM money
  UNION ALL
  SELECT xk, gk, 3, cell, unit_minor, 0, r_y, r_x, r_yy, r_xx, r_yx FROM money
  UNION ALL
  SELECT xk, gk, 4, cell, unit_minor, 0, c_y, c_x, c_yy, c_xx, c_yx FROM money WHERE cap IS NOT NULL
  UNION ALL
  SELECT xk, gk, nk, cell, 1, 0, SUM(y), SUM(x), SUM(y), SUM(x), SUM(y * x) FROM actors GROUP BY xk, gk, nk, cell
)
SELECT s.xk, s.gk, s.nk, CAST(x_idiv(s.cell, 128) AS INTEGER) AS ak, CAST(x_idiv(s.cell, 64) - 2 * x_idiv(s.cell, 128) AS INTEGER) AS state, CAST(s.cell - 64 * x_idiv(s.cell, 64) AS INTEGER) AS bucket,
  m.grouping, m.group_value, CAST(s.unit_minor AS BIGINT) AS unit_minor, CAST(s.n AS BIGINT) AS n, CAST(s.y AS BIGINT) AS y, CAST(s.x AS BIGINT) AS x, CAST(s.yy AS BIGINT) AS yy, CAST(s.xx AS BIGINT) AS xx, CAST(s.yx AS BIGINT) AS yx
FROM sums s JOIN names m ON m.gk = s.gk
