/*---
table: segments.red_pair_segments
block: pairs
grain: [gk, bucket]
reads: [segments.fct_pair_customers, segments.fct_pair_members]
doc: Behaviour of the members of each segment, and of all customers (gk 0), by group of customers. All are sums over customers.
max_rows: 100000
columns:
  - {name: gk, type: int64, unit: "1", doc: "segment key; 0 = every customer known before the window, in a segment or not"}
  - {name: bucket, type: int64, unit: "1", doc: "group of customers, 0 to buckets - 1 of segments.red_pair_scope"}
  - {name: n, type: int64, unit: "customer-windows", doc: "members before a window, looked at, all windows"}
  - {name: customers, type: int64, unit: "customers", doc: "of them those of the last window"}
  - {name: ordered, type: int64, unit: "customers", doc: "of them with an order in the window"}
  - {name: revenue, type: int64, unit: "units", doc: "order value in the window"}
  - {name: staged, type: int64, unit: "customers", doc: "stage before the window known"}
  - {name: moved, type: int64, unit: "customers", doc: "of them in a better stage at its end"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered in the window"}
  - {name: clicked, type: int64, unit: "messages", doc: "of them clicked"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "of them followed by an unsubscribe"}
  - {name: delivered_1, type: int64, unit: "messages", doc: "of the first main scenario"}
  - {name: clicked_1, type: int64, unit: "messages", doc: "of them clicked"}
  - {name: delivered_2, type: int64, unit: "messages", doc: "of the second main scenario"}
  - {name: clicked_2, type: int64, unit: "messages", doc: "of them clicked"}
  - {name: delivered_3, type: int64, unit: "messages", doc: "of the third main scenario"}
  - {name: clicked_3, type: int64, unit: "messages", doc: "of them clicked"}
  - {name: revenue2, type: int64, unit: "units^2", doc: "sum of squares of revenue"}
  - {name: unit_minor, type: int64, unit: "minor currency units", doc: "one unit of revenue"}
---*/
SELECT m.gk, c.bucket, COUNT(*) AS n, CAST(SUM(c.last) AS BIGINT) AS customers, CAST(SUM(c.ordered) AS BIGINT) AS ordered, CAST(SUM(c.revenue) AS BIGINT) AS revenue, CAST(SUM(c.staged) AS BIGINT) AS staged, CAST(SUM(c.moved) AS BIGINT) AS moved, CAST(SUM(c.delivered) AS BIGINT) AS delivered, CAST(SUM(c.clicked) AS BIGINT) AS clicked, CAST(SUM(c.unsubscribed) AS BIGINT) AS unsubscribed, CAST(SUM(c.delivered_1) AS BIGINT) AS delivered_1, CAST(SUM(c.clicked_1) AS BIGINT) AS clicked_1, CAST(SUM(c.delivered_2) AS BIGINT) AS delivered_2, CAST(SUM(c.clicked_2) AS BIGINT) AS clicked_2, CAST(SUM(c.delivered_3) AS BIGINT) AS delivered_3, CAST(SUM(c.clicked_3) AS BIGINT) AS clicked_3,
  CAST(SUM(CAST(c.revenue AS BIGINT) * c.revenue) AS BIGINT) AS revenue2, MIN(c.unit_minor) AS unit_minor
FROM segments.fct_pair_members m JOIN segments.fct_pair_customers c ON c.unit = m.unit
GROUP BY m.gk, c.bucket
UNION ALL
SELECT 0, bucket, COUNT(*) AS n, CAST(SUM(last) AS BIGINT) AS customers, CAST(SUM(ordered) AS BIGINT) AS ordered, CAST(SUM(revenue) AS BIGINT) AS revenue, CAST(SUM(staged) AS BIGINT) AS staged, CAST(SUM(moved) AS BIGINT) AS moved, CAST(SUM(delivered) AS BIGINT) AS delivered, CAST(SUM(clicked) AS BIGINT) AS clicked, CAST(SUM(unsubscribed) AS BIGINT) AS unsubscribed, CAST(SUM(delivered_1) AS BIGINT) AS delivered_1, CAST(SUM(clicked_1) AS BIGINT) AS clicked_1, CAST(SUM(delivered_2) AS BIGINT) AS delivered_2, CAST(SUM(clicked_2) AS BIGINT) AS clicked_2, CAST(SUM(delivered_3) AS BIGINT) AS delivered_3, CAST(SUM(clicked_3) AS BIGINT) AS clicked_3,
  CAST(SUM(CAST(revenue AS BIGINT) * revenue) AS BIGINT), MIN(unit_minor)
FROM segments.fct_pair_customers
GROUP BY bucket
