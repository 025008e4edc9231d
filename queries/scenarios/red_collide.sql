/*---
table: scenarios.red_collide
block: overlap
grain: [sk_a, sk_b, bucket]
reads: [core.customers, scenarios.fct_customer_collisions, scenarios.red_pair]
doc: Pairs of messages of two scenarios to one customer by bucket, for the pairs of scenarios with enough of them (scenarios.red_pair.messages_enough).
max_rows: 4500000
columns:
  - {name: sk_a, type: int64, unit: "1", doc: "scenario key, the smaller"}
  - {name: sk_b, type: int64, unit: "1", doc: "scenario key, the larger"}
  - {name: bucket, type: int64, unit: "1", doc: "half of the customer bucket: 0..49"}
  - {name: n_week, type: int64, unit: "pairs of messages", doc: "both in one week"}
  - {name: n_near_week, type: int64, unit: "pairs of messages", doc: "both in one week and closer than collision_seconds"}
  - {name: n_near, type: int64, unit: "pairs of messages", doc: "collisions: closer than collision_seconds"}
  - {name: a_first, type: int64, unit: "pairs of messages", doc: "collisions in which the message of sk_a went first"}
  - {name: b_first, type: int64, unit: "pairs of messages", doc: "collisions in which the message of sk_b went first"}
---*/
SELECT n.sk_a, n.sk_b, CAST(x_idiv(c.bucket, 2) AS INTEGER) AS bucket, CAST(SUM(n.n_week) AS BIGINT) AS n_week, CAST(SUM(n.n_near_week) AS BIGINT) AS n_near_week,
  CAST(SUM(n.n_near) AS BIGINT) AS n_near, CAST(SUM(n.a_first) AS BIGINT) AS a_first, CAST(SUM(n.b_first) AS BIGINT) AS b_first
FROM scenarios.fct_customer_collisions n
JOIN scenarios.red_pair p ON p.sk_a = n.sk_a AND p.sk_b = n.sk_b AND p.messages_enough
JOIN core.customers c ON c.ck = n.ck
GROUP BY n.sk_a, n.sk_b, x_idiv(c.bucket, 2)
