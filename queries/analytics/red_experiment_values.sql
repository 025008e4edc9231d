/*---
table: analytics.red_experiment_values
block: experiments
grain: [xk, nk, ak, state, bucket]
reads: [analytics.fct_experiment_caps, analytics.fct_experiment_events, analytics.fct_experiment_messages, analytics.fct_experiment_orders, analytics.fct_experiment_units]
doc: >-
  Outcomes y after the assignment and the same behaviour x before it: sums over customers, and of their squares and products, whole numbers of unit_minor minor units for money and of customers, orders, messages or
  days for the rest. Customers without any such behaviour add nothing; how many there are stands in red_experiment_arms.
max_rows: 5000000
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key"}
  - {name: nk, type: int64, unit: "1", doc: "1 order (1 with at least one), 2 orders, 3 revenue, 4 revenue_winsorised, 5 messages (x only), 6 tenure (x only), from 11 on an event of red_experiment_names (1 with at least one)"}
  - {name: ak, type: int64, unit: "1", doc: "arm key"}
  - {name: state, type: int64, unit: "1", doc: "0: the outcome window is over; 1: it is open at the end of the data"}
  - {name: bucket, type: int64, unit: "1", doc: "sampling unit 0..99"}
  - {name: unit_minor, type: int64, unit: "minor currency units", doc: "what one unit of y and x is; 1 for what is not money"}
  - {name: y, type: int64, unit: "units", doc: "sum of the outcome"}
  - {name: x, type: int64, unit: "units", doc: "sum of the covariate"}
  - {name: yy, type: int64, unit: "units^2", doc: "sum of squares of the outcome"}
  - {name: xx, type: int64, unit: "units^2", doc: "sum of squares of the covariate"}
  - {name: yx, type: int64, unit: "units^2", doc: "sum of their products"}
---*/
WITH bought AS (
  SELECT o.xk, o.cell, c.unit_minor, CAST(o.orders AS BIGINT) AS orders, CAST(o.orders_before AS BIGINT) AS orders_before, CASE WHEN o.orders > 0 THEN 1 ELSE 0 END AS ordered,
    CASE WHEN o.orders_before > 0 THEN 1 ELSE 0 END AS ordered_before, x_idiv(o.revenue_minor, c.unit_minor) AS revenue, x_idiv(o.before_minor, c.unit_minor) AS before,
    x_idiv(LEAST(o.revenue_minor, c.cap), c.unit_minor) AS cut, x_idiv(LEAST(o.before_minor, c.cap), c.unit_minor) AS cut_before, c.cap
  FROM analytics.fct_experiment_orders o JOIN analytics.fct_experiment_caps c ON c.xk = o.xk
),
sums AS (
  SELECT xk, 1 AS nk, cell, 1 AS unit_minor, SUM(ordered) AS y, SUM(ordered_before) AS x, SUM(ordered) AS yy, SUM(ordered_before) AS xx, SUM(ordered * ordered_before) AS yx FROM bought GROUP BY xk, cell
  UNION ALL
  SELECT xk, 2, cell, 1, SUM(orders), SUM(orders_before), SUM(orders * orders), SUM(orders_before * orders_before), SUM(orders * orders_before) FROM bought GROUP BY xk, cell
  UNION ALL
  SELECT xk, 3, cell, unit_minor, SUM(revenue), SUM(before), SUM(revenue * revenue), SUM(before * before), SUM(revenue * before) FROM bought GROUP BY xk, cell, unit_minor
  UNION ALL
  SELECT xk, 4, cell, unit_minor, SUM(cut), SUM(cut_before), SUM(cut * cut), SUM(cut_before * cut_before), SUM(cut * cut_before) FROM bought WHERE cap IS NOT NULL GROUP BY xk, cell, unit_minor
  UNION ALL
  SELECT xk, 5, cell, 1, 0, SUM(messages_before), 0, SUM(CAST(messages_before AS BIGINT) * messages_before), 0 FROM analytics.fct_experiment_messages WHERE messages_before > 0 GROUP BY xk, cell
  UNION ALL
  SELECT xk, 6, (ak * 2 + state) * 128 + bucket AS cell, 1, 0, SUM(tenure_days), 0, SUM(CAST(tenure_days AS BIGINT) * tenure_days), 0 FROM analytics.fct_experiment_units WHERE state <= 1 GROUP BY xk, (ak * 2 + state) * 128 + bucket
  UNION ALL
  SELECT xk, nk, cell, 1, SUM(y), SUM(x), SUM(y), SUM(x), SUM(y * x) FROM analytics.fct_experiment_events GROUP BY xk, nk, cell
)
SELECT xk, nk, CAST(x_idiv(cell, 256) AS INTEGER) AS ak, CAST(x_idiv(cell, 128) - 2 * x_idiv(cell, 256) AS INTEGER) AS state, CAST(cell - 128 * x_idiv(cell, 128) AS INTEGER) AS bucket, CAST(unit_minor AS BIGINT) AS unit_minor,
  CAST(y AS BIGINT) AS y, CAST(x AS BIGINT) AS x, CAST(yy AS BIGINT) AS yy, CAST(xx AS BIGINT) AS xx, CAST(yx AS BIGINT) AS yx
FROM sums
