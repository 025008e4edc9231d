/*---
table: scenarios.red_sendhour
block: overlap
grain: [sk, unit, hour]
reads: [scenarios.fct_sent, scenarios.red_overlap_grid]
doc: Messages by calendar step and hour of the week, transactional ones and the week in which a customer came left out.
max_rows: 3000000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: unit, type: int64, unit: "1", doc: "8 x step of send_weeks weeks of scenarios.red_overlap_grid (from 0) + clock of scenarios.fct_clocks"}
  - {name: hour, type: int64, unit: "hours", doc: "hours since Monday 0:00: 0..167"}
  - {name: n, type: int64, unit: "messages", doc: "messages sent"}
---*/
WITH hours AS (
  SELECT sk, x_idiv(sec, 3600) AS hour, clock, COUNT(*) AS n
  FROM scenarios.fct_sent
  WHERE clock >= 0
  GROUP BY sk, x_idiv(sec, 3600), clock
)
SELECT h.sk, CAST(x_idiv(h.hour, 168 * g.send_weeks) * 8 + h.clock AS INTEGER) AS unit, CAST(h.hour - 168 * x_idiv(h.hour, 168) AS INTEGER) AS hour,
  CAST(SUM(h.n) AS BIGINT) AS n
FROM hours h CROSS JOIN scenarios.red_overlap_grid g
GROUP BY h.sk, x_idiv(h.hour, 168 * g.send_weeks) * 8 + h.clock, h.hour - 168 * x_idiv(h.hour, 168)
