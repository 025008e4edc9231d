/*---
table: scenarios.red_collide_units
block: overlap
grain: [sk_a, sk_b, unit]
reads: [scenarios.fct_customer_collisions, scenarios.red_pair]
doc: Pairs of messages of two scenarios to one customer by calendar step, for the expected number of collisions.
max_rows: 2000000
columns:
  - {name: sk_a, type: int64, unit: "1", doc: "scenario key, the smaller"}
  - {name: sk_b, type: int64, unit: "1", doc: "scenario key, the larger"}
  - {name: unit, type: int64, unit: "1", doc: "8 x step of send_weeks weeks of scenarios.red_overlap_grid (from 0) + clock of scenarios.fct_clocks"}
  - {name: n_week, type: int64, unit: "pairs of messages", doc: "both in one week"}
  - {name: n_near_week, type: int64, unit: "pairs of messages", doc: "both in one week and closer than collision_seconds"}
---*/
SELECT n.sk_a, n.sk_b, n.unit, CAST(SUM(n.n_week) AS BIGINT) AS n_week, CAST(SUM(n.n_near_week) AS BIGINT) AS n_near_week
FROM scenarios.fct_customer_collisions n
JOIN scenarios.red_pair p ON p.sk_a = n.sk_a AND p.sk_b = n.sk_b AND p.messages_enough
WHERE n.n_week > 0
GROUP BY n.sk_a, n.sk_b, n.unit
