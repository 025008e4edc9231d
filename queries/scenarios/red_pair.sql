/*---
table: scenarios.red_pair
block: overlap
grain: [sk_a, sk_b]
reads: [core.cfg_audit, scenarios.fct_customer_collisions, scenarios.fct_memberships, scenarios.fct_pair_customers]
doc: >-
  The support of every pair of scenarios that shares a customer: how many were in both, how many at once, how many messages met. Decides which pairs are
  counted by bucket: 30 customers at once with a known stage, 30 pairs of messages in one week, and the 60,000 pairs with the most customers.
max_rows: 1000000
columns:
  - {name: sk_a, type: int64, unit: "1", doc: "scenario key, the smaller"}
  - {name: sk_b, type: int64, unit: "1", doc: "scenario key, the larger"}
  - {name: place, type: int64, unit: "1", doc: "1 = the pair with the most customers in both"}
  - {name: customers, type: int64, unit: "customers", doc: "customers in both within the audited time, at once or not"}
  - {name: a_then_b, type: int64, unit: "customers", doc: "of them those whose first entry into b came within handover_days after they first left a"}
  - {name: b_then_a, type: int64, unit: "customers", doc: "the same from b to a"}
  - {name: customers_at_once, type: int64, unit: "customers", doc: "customers in both at once; 0 when one is a calendar campaign"}
  - {name: seconds, type: int64, unit: "customer-seconds", doc: "their time in both"}
  - {name: staged_at_once, type: int64, unit: "customers", doc: "customers in both at once while their stage was known"}
  - {name: staged_seconds, type: int64, unit: "customer-seconds", doc: "their time in both then: what is compared with the expected"}
  - {name: customers_hit, type: int64, unit: "customers", doc: "customers with at least one collision"}
  - {name: n_week, type: int64, unit: "pairs of messages", doc: "messages of both to one customer in one week"}
  - {name: n_near, type: int64, unit: "pairs of messages", doc: "collisions: messages of both to one customer closer than collision_seconds"}
  - {name: a_first, type: int64, unit: "pairs of messages", doc: "collisions in which the message of sk_a went first"}
  - {name: b_first, type: int64, unit: "pairs of messages", doc: "collisions in which the message of sk_b went first"}
  - {name: time_enough, type: bool, unit: "1", doc: "counted in scenarios.red_pt_pair"}
  - {name: messages_enough, type: bool, unit: "1", doc: "counted in scenarios.red_collide"}
---*/
WITH support AS (
  SELECT a.sk AS sk_a, b.sk AS sk_b, COUNT(*) AS customers,
    SUM(CASE WHEN b.first_sec >= a.left_sec AND b.first_sec - a.left_sec < 86400 * c.handover_days THEN 1 ELSE 0 END) AS a_then_b,
    SUM(CASE WHEN a.first_sec >= b.left_sec AND a.first_sec - b.left_sec < 86400 * c.handover_days THEN 1 ELSE 0 END) AS b_then_a
  FROM scenarios.fct_memberships a
  JOIN scenarios.fct_memberships b ON b.ck = a.ck AND b.sk > a.sk
  CROSS JOIN core.cfg_audit c
  GROUP BY a.sk, b.sk
),
at_once AS (
  SELECT sk_a, sk_b, COUNT(*) AS customers, SUM(seconds) AS seconds, COUNT(CASE WHEN staged_seconds > 0 THEN 1 END) AS staged, SUM(staged_seconds) AS staged_seconds
  FROM scenarios.fct_pair_customers
  GROUP BY sk_a, sk_b
),
hit AS (
  SELECT sk_a, sk_b, COUNT(*) AS customers
  FROM (SELECT ck, sk_a, sk_b FROM scenarios.fct_customer_collisions WHERE n_near > 0 GROUP BY ck, sk_a, sk_b) h
  GROUP BY sk_a, sk_b
),
sums AS (
  SELECT sk_a, sk_b, SUM(n_week) AS n_week, SUM(n_near) AS n_near, SUM(a_first) AS a_first, SUM(b_first) AS b_first
  FROM scenarios.fct_customer_collisions
  GROUP BY sk_a, sk_b
),
collisions AS (
  SELECT s.sk_a, s.sk_b, COALESCE(h.customers, 0) AS customers_hit, s.n_week, s.n_near, s.a_first, s.b_first
  FROM sums s LEFT JOIN hit h ON h.sk_a = s.sk_a AND h.sk_b = s.sk_b
),
pairs AS (
  SELECT COALESCE(s.sk_a, n.sk_a) AS sk_a, COALESCE(s.sk_b, n.sk_b) AS sk_b, GREATEST(COALESCE(s.customers, 0), COALESCE(n.customers_hit, 0)) AS customers,
    COALESCE(s.a_then_b, 0) AS a_then_b, COALESCE(s.b_then_a, 0) AS b_then_a, COALESCE(n.customers_hit, 0) AS customers_hit, COALESCE(n.n_week, 0) AS n_week,
    COALESCE(n.n_near, 0) AS n_near, COALESCE(n.a_first, 0) AS a_first, COALESCE(n.b_first, 0) AS b_first
  FROM support s FULL JOIN collisions n ON n.sk_a = s.sk_a AND n.sk_b = s.sk_b
),
placed AS (
  SELECT p.sk_a, p.sk_b, ROW_NUMBER() OVER (ORDER BY p.customers DESC NULLS LAST, p.sk_a NULLS LAST, p.sk_b NULLS LAST) AS place, p.customers, p.a_then_b, p.b_then_a,
    COALESCE(o.customers, 0) AS customers_at_once, COALESCE(o.seconds, 0) AS seconds, COALESCE(o.staged, 0) AS staged_at_once, COALESCE(o.staged_seconds, 0) AS staged_seconds, p.customers_hit, p.n_week, p.n_near, p.a_first, p.b_first
  FROM pairs p LEFT JOIN at_once o ON o.sk_a = p.sk_a AND o.sk_b = p.sk_b
)
SELECT CAST(sk_a AS INTEGER) AS sk_a, CAST(sk_b AS INTEGER) AS sk_b, place, CAST(customers AS BIGINT) AS customers, CAST(a_then_b AS BIGINT) AS a_then_b,
  CAST(b_then_a AS BIGINT) AS b_then_a, CAST(customers_at_once AS BIGINT) AS customers_at_once, CAST(seconds AS BIGINT) AS seconds, CAST(staged_at_once AS BIGINT) AS staged_at_once, CAST(staged_seconds AS BIGINT) AS staged_seconds,
  CAST(customers_hit AS BIGINT) AS customers_hit, CAST(n_week AS BIGINT) AS n_week, CAST(n_near AS BIGINT) AS n_near, CAST(a_first AS BIGINT) AS a_first,
  CAST(b_first AS BIGINT) AS b_first,
  staged_at_once >= 30 AND place <= 60000 AS time_enough, n_week >= 30 AND place <= 60000 AS messages_enough
FROM placed
WHERE place <= 1000000
