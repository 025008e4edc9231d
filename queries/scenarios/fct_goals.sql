/*---
table: scenarios.fct_goals
grain: [ck, sk, sec]
reads: [core.cfg_order_events, core.cfg_scenarios, core.events, core.orders, scenarios.fct_scenarios]
doc: What a passage through a scenario may achieve - an order, which counts for every scenario, and the scenario's own goal event where it is another one.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: sk, type: int64, unit: "1", doc: "scenario whose goal it is, 0 for an order"}
  - {name: sec, type: int64, unit: "unix seconds", doc: "when"}
---*/
SELECT ck, CAST(0 AS INTEGER) AS sk, x_sec(occurred_at) AS sec
FROM core.orders
GROUP BY ck, x_sec(occurred_at)
UNION ALL
SELECT e.ck, s.sk, x_sec(e.occurred_at)
FROM core.cfg_scenarios d
JOIN scenarios.fct_scenarios s ON s.scenario_id = d.scenario_id
JOIN core.events e ON e.name = d.goal_event
LEFT JOIN core.cfg_order_events o ON o.name = d.goal_event
WHERE o.name IS NULL
GROUP BY e.ck, s.sk, x_sec(e.occurred_at)
