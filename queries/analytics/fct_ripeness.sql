/*---
table: analytics.fct_ripeness
block: metrics
grain: [cell]
reads: [analytics.fct_message_cells, analytics.red_response_days, scenarios.fct_window]
doc: >-
  From which day on sends are too young. Their responses: the channel needs so many days until 95 of 100 of its opens and of its clicks have come (a share in whole numbers, no estimate); 7 days
  where the history is too short or has no responses. Their orders: the attribution window in whole days.
columns:
  - {name: cell, type: int64, unit: "1", doc: "analytics.fct_message_cells.cell"}
  - {name: response_days, type: int64, unit: "days", doc: "until 95 of 100 responses have come"}
  - {name: measured, type: bool, unit: "1", doc: "response_days is from the data; else 7"}
  - {name: order_days, type: int64, unit: "days", doc: "attribution window, rounded up"}
  - {name: response_ripe_day, type: int64, unit: "days since 1970-01-01", doc: "sends before this day are old enough for responses"}
  - {name: order_ripe_day, type: int64, unit: "days since 1970-01-01", doc: "sends before this day are old enough for orders"}
---*/
WITH counts AS (
  SELECT channel, response, days, SUM(messages) OVER (PARTITION BY channel, response ORDER BY days NULLS LAST) AS so_far, SUM(messages) OVER (PARTITION BY channel, response) AS total
  FROM analytics.red_response_days
),
slowest AS (
  SELECT channel, response, MIN(days) AS days
  FROM counts
  WHERE 100 * so_far >= 95 * total
  GROUP BY channel, response
),
channels AS (
  SELECT channel, MAX(days) AS days FROM slowest GROUP BY channel
)
SELECT k.cell, CAST(COALESCE(c.days, 7) AS BIGINT) AS response_days, c.days IS NOT NULL AS measured, CAST(x_idiv(k.window_seconds + 86399, 86400) AS BIGINT) AS order_days,
  CAST(w.end_day - COALESCE(c.days, 7) AS BIGINT) AS response_ripe_day, CAST(w.end_day - x_idiv(k.window_seconds + 86399, 86400) AS BIGINT) AS order_ripe_day
FROM analytics.fct_message_cells k
LEFT JOIN channels c ON c.channel = CAST(k.channel AS VARCHAR)
CROSS JOIN scenarios.fct_window w
