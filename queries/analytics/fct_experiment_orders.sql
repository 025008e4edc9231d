/*---
table: analytics.fct_experiment_orders
block: experiments
grain: [xk, ck]
reads: [analytics.fct_experiment_units, core.orders]
doc: Orders of randomized customers after the assignment and in an equal time before it. Only customers with at least one such order have a row.
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the assignment"}
  - {name: cell, type: int64, unit: "1", doc: "(ak * 2 + state) * 128 + bucket"}
  - {name: orders, type: int64, unit: "orders", doc: "orders in [t, t + H)"}
  - {name: orders_before, type: int64, unit: "orders", doc: "orders in [t - H, t)"}
  - {name: revenue_minor, type: int64, unit: "minor currency units", doc: "their value in [t, t + H)"}
  - {name: before_minor, type: int64, unit: "minor currency units", doc: "their value in [t - H, t)"}
---*/
WITH span AS (
  SELECT MIN(day - within_days) - 1 AS lo, MAX(day + within_days) + 1 AS hi FROM analytics.fct_experiment_units WHERE state <= 1
),
near AS (
  SELECT o.ck, x_sec(o.occurred_at) AS sec, o.revenue_minor
  FROM core.orders o CROSS JOIN span s
  WHERE o.day >= s.lo AND o.day <= s.hi
),
met AS (
  SELECT u.xk * CAST(2147483648 AS BIGINT) + u.ck AS packed, u.day, (u.ak * 2 + u.state) * 128 + u.bucket AS cell, CASE WHEN o.sec >= u.start_sec THEN 1 ELSE 0 END AS y, o.revenue_minor
  FROM near o JOIN analytics.fct_experiment_units u ON u.ck = o.ck
  WHERE u.state <= 1 AND o.sec < CAST(u.start_sec AS BIGINT) + 86400 * u.within_days AND o.sec >= CAST(u.start_sec AS BIGINT) - 86400 * u.within_days
),
folded AS (
  SELECT packed, MIN(day) AS day, MIN(cell) AS cell, SUM(y) AS orders, COUNT(*) AS n, SUM(CASE WHEN y = 1 THEN revenue_minor ELSE 0 END) AS revenue_minor, SUM(CASE WHEN y = 0 THEN revenue_minor ELSE 0 END) AS before_minor
  FROM met
  GROUP BY packed
)
SELECT CAST(x_idiv(packed, 2147483648) AS INTEGER) AS xk, CAST(packed - 2147483648 * x_idiv(packed, 2147483648) AS INTEGER) AS ck, day, cell, CAST(orders AS INTEGER) AS orders, CAST(n - orders AS INTEGER) AS orders_before,
  CAST(revenue_minor AS BIGINT) AS revenue_minor, CAST(before_minor AS BIGINT) AS before_minor
FROM folded
