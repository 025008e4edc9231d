/*---
table: scenarios.red_scenario_orders
grain: [scenario_id]
reads: [core.orders, scenarios.fct_active, scenarios.fct_campaign_days, scenarios.fct_scenarios, scenarios.fct_window]
doc: >-
  Orders of the audited window that customers placed while they were active in the scenario (bulk: within a day of the message), the order that started it left out. A description: an
  order counts for every scenario that was active, and would mostly have come without any.
max_rows: 100000
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: orders, type: int64, unit: "orders", doc: "orders"}
  - {name: revenue_minor, type: int64, unit: "minor currency units", doc: "their value"}
---*/
WITH orders AS (
  SELECT o.ck, x_sec(o.occurred_at) AS sec, o.revenue_minor
  FROM core.orders o CROSS JOIN scenarios.fct_window w
  WHERE o.day >= w.from_day AND o.day < w.to_day
),
spans AS (
  SELECT ck, sk, from_sec, to_sec FROM scenarios.fct_active
  UNION ALL
  SELECT ck, sk, from_sec, to_sec FROM scenarios.fct_campaign_days
),
totals AS (
  SELECT a.sk, COUNT(*) AS orders, SUM(o.revenue_minor) AS revenue_minor
  FROM orders o JOIN spans a ON a.ck = o.ck AND a.from_sec < o.sec AND a.to_sec >= o.sec
  GROUP BY a.sk
)
SELECT s.scenario_id, t.orders, t.revenue_minor
FROM totals t JOIN scenarios.fct_scenarios s ON s.sk = t.sk
