/*---
table: analytics.red_stage_expectations
block: value
grain: [stage, bucket]
reads: [lifecycle.fct_panel, lifecycle.fct_stage_runs, analytics.fct_customer_values]
doc: >-
  Sums of the customer values by the stage at the end of the last complete period. Numbers are rounded to millionths before they are added, so that the sum is the same on any number of threads.
max_rows: 100000
columns:
  - {name: stage, type: string, doc: "stage"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "customers in the stage"}
  - {name: buyers, type: int64, unit: "customers", doc: "of them, with a purchase"}
  - {name: alive_millionths, type: int64, unit: "1e-6 customers", doc: "sum of p_alive"}
  - {name: order_millionths, type: int64, unit: "1e-6 customers", doc: "sum of p_order"}
  - {name: orders_millionths, type: int64, unit: "1e-6 order days", doc: "sum of expected orders"}
  - {name: revenue_minor, type: int64, unit: "minor currency units", doc: "sum of expected revenue"}
  - {name: active_minor, type: int64, unit: "minor currency units", doc: "sum of the revenue that would be expected if all were still customers"}
---*/
WITH rounded AS (
  SELECT ck, CAST(FLOOR(COALESCE(p_alive, 0) * 1000000 + 0.5E0) AS BIGINT) AS alive_millionths,
    CAST(FLOOR(COALESCE(p_order, 0) * 1000000 + 0.5E0) AS BIGINT) AS order_millionths,
    CAST(FLOOR(COALESCE(expected_orders, 0) * 1000000 + 0.5E0) AS BIGINT) AS orders_millionths,
    CAST(FLOOR(COALESCE(expected_orders * order_value, 0) * 100 + 0.5E0) AS BIGINT) AS revenue_minor,
    CAST(FLOOR(COALESCE(active_orders * order_value, 0) * 100 + 0.5E0) AS BIGINT) AS active_minor
  FROM analytics.fct_customer_values
)
SELECT r.stage, r.bucket, COUNT(*) AS customers, COUNT(v.ck) AS buyers, COALESCE(SUM(v.alive_millionths), 0) AS alive_millionths,
  COALESCE(SUM(v.order_millionths), 0) AS order_millionths, COALESCE(SUM(v.orders_millionths), 0) AS orders_millionths, COALESCE(SUM(v.revenue_minor), 0) AS revenue_minor, COALESCE(SUM(v.active_minor), 0) AS active_minor
FROM lifecycle.fct_stage_runs r
JOIN lifecycle.fct_panel p ON p.last_period = r.last_period
LEFT JOIN rounded v ON v.ck = r.ck
GROUP BY r.stage, r.bucket
