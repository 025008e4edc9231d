/*---
table: analytics.red_experiment_groups
block: experiments
grain: [xk, gk, nk, ak, state, bucket]
reads: [analytics.fct_experiment_caps, analytics.fct_experiment_events, analytics.fct_experiment_groups, analytics.fct_experiment_orders, analytics.red_experiment_names, core.segment_memberships, scenarios.fct_stages]
doc: >-
  As red_experiment_values, by the stage and the segments at the assignment, for orders, money and the events that audit.yaml names. The rows of nk 0 hold how many customers there are.
max_rows: 5000000
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key"}
  - {name: gk, type: int64, unit: "1", doc: "group key as in fct_experiment_groups"}
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
WITH segments AS (
  SELECT 1000 + ROW_NUMBER() OVER (ORDER BY CAST(segment_id AS VARCHAR) NULLS LAST) AS gk, 'segment' AS grouping, CAST(segment_id AS VARCHAR) AS group_value
  FROM (SELECT segment_id FROM core.segment_memberships GROUP BY segment_id) s
),
names AS (
  SELECT gk, grouping, group_value FROM segments
  UNION ALL
  SELECT st, 'stage', stage FROM scenarios.fct_stages
),
bought AS (
  SELECT g.xk, g.gk, g.cell, c.unit_minor, c.cap, CASE WHEN o.orders > 0 THEN 1 ELSE 0 END AS ordered, CASE WHEN o.orders_before > 0 THEN 1 ELSE 0 END AS ordered_before,
    x_idiv(o.revenue_minor, c.unit_minor) AS revenue, x_idiv(o.before_minor, c.unit_minor) AS before, x_idiv(LEAST(o.revenue_minor, c.cap), c.unit_minor) AS cut, x_idiv(LEAST(o.before_minor, c.cap), c.unit_minor) AS cut_before
  FROM analytics.fct_experiment_groups g
  JOIN analytics.fct_experiment_orders o ON o.xk = g.xk AND o.ck = g.ck
  JOIN analytics.fct_experiment_caps c ON c.xk = g.xk
),
listed AS (
  SELECT e.xk, e.ck, e.nk, e.y, e.x
  FROM analytics.fct_experiment_events e JOIN analytics.red_experiment_names n ON n.xk = e.xk AND n.nk = e.nk
  WHERE n.listed
),
sums AS (
  SELECT xk, gk, 0 AS nk, cell, 1 AS unit_minor, COUNT(*) AS n, 0 AS y, 0 AS x, 0 AS yy, 0 AS xx, 0 AS yx FROM analytics.fct_experiment_groups GROUP BY xk, gk, cell
  UNION ALL
  SELECT xk, gk, 1, cell, 1, 0, SUM(ordered), SUM(ordered_before), SUM(ordered), SUM(ordered_before), SUM(ordered * ordered_before) FROM bought GROUP BY xk, gk, cell
  UNION ALL
  SELECT xk, gk, 3, cell, unit_minor, 0, SUM(revenue), SUM(before), SUM(revenue * revenue), SUM(before * before), SUM(revenue * before) FROM bought GROUP BY xk, gk, cell, unit_minor
  UNION ALL
  SELECT xk, gk, 4, cell, unit_minor, 0, SUM(cut), SUM(cut_before), SUM(cut * cut), SUM(cut_before * cut_before), SUM(cut * cut_before) FROM bought WHERE cap IS NOT NULL GROUP BY xk, gk, cell, unit_minor
  UNION ALL
  SELECT g.xk, g.gk, e.nk, g.cell, 1, 0, SUM(e.y), SUM(e.x), SUM(e.y), SUM(e.x), SUM(e.y * e.x)
  FROM analytics.fct_experiment_groups g JOIN listed e ON e.xk = g.xk AND e.ck = g.ck
  GROUP BY g.xk, g.gk, e.nk, g.cell
)
SELECT s.xk, s.gk, s.nk, CAST(x_idiv(s.cell, 128) AS INTEGER) AS ak, CAST(x_idiv(s.cell, 64) - 2 * x_idiv(s.cell, 128) AS INTEGER) AS state, CAST(s.cell - 64 * x_idiv(s.cell, 64) AS INTEGER) AS bucket,
  m.grouping, m.group_value, CAST(s.unit_minor AS BIGINT) AS unit_minor, CAST(s.n AS BIGINT) AS n, CAST(s.y AS BIGINT) AS y, CAST(s.x AS BIGINT) AS x, CAST(s.yy AS BIGINT) AS yy, CAST(s.xx AS BIGINT) AS xx, CAST(s.yx AS BIGINT) AS yx
FROM sums s JOIN names m ON m.gk = s.gk
