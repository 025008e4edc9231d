/*---
table: analytics.red_usage_windows
block: usage
grain: [span, bucket]
reads: [core.customers, core.orders, scenarios.fct_window]
doc: >-
  Orders in spans of 13 weeks counted back from the end of the audited window: 0 is the last 91 days, 1 those before, 4 the same weeks a year (364 days) ago. Spans that begin before the loaded history are not whole.
max_rows: 900
columns:
  - {name: span, type: int64, unit: "1", doc: "0..8, back in time"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: newcomers, type: int64, unit: customers, doc: "customers first seen in the span; of span 8, in it or before"}
  - {name: buyers, type: int64, unit: customers, doc: "customers with an order in it"}
  - {name: orders, type: int64, unit: orders, doc: "orders"}
  - {name: revenue_minor, type: int64, unit: minor, doc: "their revenue"}
---*/
WITH bought AS (
  SELECT o.ck, x_idiv(w.to_day - 1 - o.day, 91) AS span, COUNT(*) AS orders, SUM(o.revenue_minor) AS revenue_minor
  FROM core.orders o CROSS JOIN scenarios.fct_window w
  WHERE o.day < w.to_day AND o.day >= w.to_day - 819
  GROUP BY o.ck, x_idiv(w.to_day - 1 - o.day, 91)
),
parts AS (
  SELECT b.span, c.bucket, 0 AS newcomers, COUNT(*) AS buyers, SUM(b.orders) AS orders, SUM(b.revenue_minor) AS revenue_minor
  FROM bought b JOIN core.customers c ON c.ck = b.ck
  GROUP BY b.span, c.bucket
  UNION ALL
  SELECT LEAST(x_idiv(w.to_day - 1 - c.first_seen_day, 91), 8), c.bucket, COUNT(*), 0, 0, 0
  FROM core.customers c CROSS JOIN scenarios.fct_window w
  WHERE c.first_seen_day < w.to_day
  GROUP BY LEAST(x_idiv(w.to_day - 1 - c.first_seen_day, 91), 8), c.bucket
)
SELECT CAST(span AS BIGINT) AS span, CAST(bucket AS BIGINT) AS bucket, SUM(newcomers) AS newcomers, SUM(buyers) AS buyers, SUM(orders) AS orders, SUM(revenue_minor) AS revenue_minor
FROM parts
GROUP BY span, bucket
