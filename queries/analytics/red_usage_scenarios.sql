/*---
table: analytics.red_usage_scenarios
block: usage
grain: [channel, scenario_id]
reads: [core.calendar, core.periods, analytics.fct_message_days, analytics.red_attribution, analytics.red_message_cells]
doc: >-
  Messages sent in the complete periods by channel and scenario, and the orders placed in them that are credited to such a message (last touch, analytics.red_attribution). The row with an empty channel is all orders, credited or not. The 2000 largest.
max_rows: 2001
columns:
  - {name: channel, type: string, doc: "channel; empty for all orders"}
  - {name: scenario_id, type: string, doc: "scenario; empty when not given"}
  - {name: messages, type: int64, unit: messages, doc: "sent"}
  - {name: orders_half, type: int64, unit: orders, doc: "credited within half the window"}
  - {name: orders, type: int64, unit: orders, doc: "credited within the window; all orders in the row of all"}
  - {name: orders_double, type: int64, unit: orders, doc: "credited within twice the window"}
  - {name: revenue, type: int64, unit: minor, doc: "revenue of orders"}
  - {name: revenue_double, type: int64, unit: minor, doc: "revenue of orders_double"}
---*/
WITH days AS (
  SELECT c.day FROM core.calendar c JOIN core.periods p ON p.period = c.period AND p.complete
),
parts AS (
  SELECT CAST(m.channel AS VARCHAR) AS channel, COALESCE(CAST(m.scenario_id AS VARCHAR), '') AS scenario_id, m.messages, 0 AS orders_half, 0 AS orders, 0 AS orders_double, 0 AS revenue, 0 AS revenue_double
  FROM analytics.fct_message_days m JOIN days d ON d.day = m.day
  UNION ALL
  SELECT COALESCE(k.channel, ''), COALESCE(k.scenario_id, ''), 0, a.orders_half, a.orders, a.orders_double, a.revenue, a.revenue_double
  FROM analytics.red_attribution a LEFT JOIN analytics.red_message_cells k ON k.cell = a.cell
),
sums AS (
  SELECT channel, scenario_id, SUM(messages) AS messages, SUM(orders_half) AS orders_half, SUM(orders) AS orders, SUM(orders_double) AS orders_double, SUM(revenue) AS revenue, SUM(revenue_double) AS revenue_double
  FROM parts
  GROUP BY channel, scenario_id
),
ranks AS (
  SELECT channel, scenario_id, ROW_NUMBER() OVER (ORDER BY CASE WHEN channel = '' THEN 0 ELSE 1 END NULLS LAST, messages DESC NULLS LAST, channel NULLS LAST, scenario_id NULLS LAST) AS place FROM sums
)
SELECT s.channel, s.scenario_id, s.messages, s.orders_half, s.orders, s.orders_double, s.revenue, s.revenue_double
FROM sums s JOIN ranks r ON r.channel = s.channel AND r.scenario_id = s.scenario_id AND r.place <= 2001
