/*---
table: lifecycle.red_stage_value
grain: [stage, age, bucket]
reads: [lifecycle.fct_days, lifecycle.fct_grid, lifecycle.fct_panel, lifecycle.fct_order_days, lifecycle.fct_stage_runs]
doc: >-
  What customers order in the complete period after the one at whose end they are in the stage, by age in the stage. Burn-in periods and the
  last period are not here.
max_rows: 1000000
columns:
  - {name: stage, type: string, doc: "stage at the end of a period"}
  - {name: age, type: int64, unit: "periods", doc: "periods in the stage, 1 = just entered, 26 = 26 or more; a lower bound when the entry was not observed"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customer_periods, type: int64, unit: "customer-periods", doc: "periods in the stage that have a successor"}
  - {name: buyers, type: int64, unit: "customer-periods", doc: "of them, with an order in the next period"}
  - {name: orders, type: int64, unit: "orders", doc: "orders in the next period"}
  - {name: revenue_minor, type: int64, unit: "minor currency units", doc: "their value"}
---*/
WITH runs AS (
  SELECT r.ck, r.stage, r.bucket, r.clean_first, r.clean_age, LEAST(r.last_period, p.last_period - 1) AS last_period
  FROM lifecycle.fct_stage_runs r CROSS JOIN lifecycle.fct_panel p
  WHERE r.clean_first < p.last_period
),
ends AS (
  SELECT stage, bucket, LEAST(clean_age, 26) AS age, 1 AS started, 0 AS ended, 0 AS above FROM runs WHERE clean_age < 26
  UNION ALL
  SELECT stage, bucket, LEAST(clean_age + last_period - clean_first, 25), 0, 1, 0 FROM runs WHERE clean_age < 26
  UNION ALL
  SELECT stage, bucket, 26, 0, 0, clean_age + last_period - clean_first + 1 - GREATEST(clean_age, 26) FROM runs
  WHERE clean_age + last_period - clean_first >= 26
),
tops AS (
  SELECT stage, bucket, age, SUM(started) AS started, SUM(ended) AS ended, SUM(above) AS above FROM ends GROUP BY stage, bucket, age
),
ages AS (
  SELECT e.age, c.stage, c.bucket,
    SUM(COALESCE(t.started, 0)) OVER (PARTITION BY c.stage, c.bucket ORDER BY e.age NULLS LAST)
    - SUM(COALESCE(t.ended, 0)) OVER (PARTITION BY c.stage, c.bucket ORDER BY e.age NULLS LAST) + COALESCE(t.ended, 0) AS at_age,
    COALESCE(t.above, 0) AS above
  FROM (SELECT ROW_NUMBER() OVER (ORDER BY period NULLS LAST) AS age FROM lifecycle.fct_grid) e
  CROSS JOIN (SELECT stage, bucket FROM tops GROUP BY stage, bucket) c
  LEFT JOIN tops t ON t.stage = c.stage AND t.bucket = c.bucket AND t.age = e.age
  WHERE e.age <= 26
),
counted AS (
  SELECT stage, age, bucket, CASE WHEN age = 26 THEN above ELSE at_age END AS customer_periods FROM ages
),
bought AS (
  SELECT o.ck, d.period - 1 AS period, SUM(o.orders) AS orders, SUM(o.revenue_minor) AS revenue_minor
  FROM lifecycle.fct_order_days o
  JOIN lifecycle.fct_days d ON d.day = o.day
  JOIN lifecycle.fct_grid g ON g.period = d.period AND g.in_panel
  GROUP BY o.ck, d.period
),
sold AS (
  SELECT r.stage, LEAST(r.clean_age + b.period - r.clean_first, 26) AS age, r.bucket, COUNT(*) AS buyers, SUM(b.orders) AS orders,
    SUM(b.revenue_minor) AS revenue_minor
  FROM bought b JOIN runs r ON r.ck = b.ck AND b.period >= r.clean_first AND b.period <= r.last_period
  GROUP BY r.stage, LEAST(r.clean_age + b.period - r.clean_first, 26), r.bucket
)
SELECT c.stage, CAST(c.age AS BIGINT) AS age, CAST(c.bucket AS BIGINT) AS bucket, CAST(c.customer_periods AS BIGINT) AS customer_periods,
  CAST(COALESCE(s.buyers, 0) AS BIGINT) AS buyers, CAST(COALESCE(s.orders, 0) AS BIGINT) AS orders,
  CAST(COALESCE(s.revenue_minor, 0) AS BIGINT) AS revenue_minor
FROM counted c LEFT JOIN sold s ON s.stage = c.stage AND s.age = c.age AND s.bucket = c.bucket
WHERE c.customer_periods > 0
