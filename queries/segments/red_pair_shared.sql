/*---
table: segments.red_pair_shared
block: pairs
grain: [pair, bucket]
reads: [segments.fct_pair_customers, segments.fct_pair_members]
doc: >-
  Behaviour of the customers who are in both segments of a pair: subtracted from either, it leaves those who are in one of them only. Pairs that share nobody are not here. Sums are added up packed, two or three in one number, and taken apart at the end.
max_rows: 1200000
columns:
  - {name: pair, type: int64, unit: "1", doc: "key of the one segment x 1048576 + key of the other; the first is the smaller key"}
  - {name: bucket, type: int64, unit: "1", doc: "group of customers, 0 to buckets - 1 of segments.red_pair_scope"}
  - {name: n, type: int64, unit: "customer-windows", doc: "members of both before a window, looked at, all windows"}
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
---*/
WITH packed AS (
  SELECT m.unit, m.gk, c.bucket, (CAST(c.moved AS BIGINT) * 2097152 + c.ordered) * 2097152 + 1 AS sums_1, (CAST(c.staged AS BIGINT) * 2097152 + c.unsubscribed) * 2097152 + c.last AS sums_2,
    CAST(c.delivered AS BIGINT) * 2147483648 + c.clicked AS sums_3, CAST(c.delivered_1 AS BIGINT) * 2147483648 + c.clicked_1 AS sums_4,
    CAST(c.delivered_2 AS BIGINT) * 2147483648 + c.clicked_2 AS sums_5, CAST(c.delivered_3 AS BIGINT) * 2147483648 + c.clicked_3 AS sums_6, c.revenue
  FROM segments.fct_pair_members m JOIN segments.fct_pair_customers c ON c.unit = m.unit
),
summed AS (
  SELECT CAST(a.gk AS BIGINT) * 1048576 + b.gk AS pair, a.bucket, CAST(SUM(a.sums_1) AS BIGINT) AS sums_1, CAST(SUM(a.sums_2) AS BIGINT) AS sums_2, CAST(SUM(a.sums_3) AS BIGINT) AS sums_3,
    CAST(SUM(a.sums_4) AS BIGINT) AS sums_4, CAST(SUM(a.sums_5) AS BIGINT) AS sums_5, CAST(SUM(a.sums_6) AS BIGINT) AS sums_6, CAST(SUM(a.revenue) AS BIGINT) AS revenue
  FROM packed a JOIN segments.fct_pair_members b ON b.unit = a.unit AND a.gk < b.gk
  GROUP BY CAST(a.gk AS BIGINT) * 1048576 + b.gk, a.bucket
)
SELECT pair, bucket, sums_1 - 2097152 * x_idiv(sums_1, 2097152) AS n,
  sums_2 - 2097152 * x_idiv(sums_2, 2097152) AS customers, x_idiv(sums_1, 2097152) - 2097152 * x_idiv(sums_1, 4398046511104) AS ordered, revenue, x_idiv(sums_2, 4398046511104) AS staged,
  x_idiv(sums_1, 4398046511104) AS moved, x_idiv(sums_3, 2147483648) AS delivered, sums_3 - 2147483648 * x_idiv(sums_3, 2147483648) AS clicked,
  x_idiv(sums_2, 2097152) - 2097152 * x_idiv(sums_2, 4398046511104) AS unsubscribed,
  x_idiv(sums_4, 2147483648) AS delivered_1, sums_4 - 2147483648 * x_idiv(sums_4, 2147483648) AS clicked_1,
  x_idiv(sums_5, 2147483648) AS delivered_2, sums_5 - 2147483648 * x_idiv(sums_5, 2147483648) AS clicked_2,
  x_idiv(sums_6, 2147483648) AS delivered_3, sums_6 - 2147483648 * x_idiv(sums_6, 2147483648) AS clicked_3
FROM summed
