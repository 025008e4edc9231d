/*---
table: scenarios.red_sendhour
block: overlap
grain: [sk, unit, hour]
reads: [scenarios.fct_send_slots, scenarios.red_overlap_grid]
doc: Messages by calendar step and hour of the week, transactional ones and the week in which a customer came left out.
max_rows: 3000000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: unit, type: int64, unit: "1", doc: "8 x step of send_weeks weeks of scenarios.red_overlap_grid (from 0) + clock of scenarios.fct_clocks"}
  - {name: hour, type: int64, unit: "hours", doc: "hours since Monday 0:00: 0..167"}
  - {name: n, type: int64, unit: "messages", doc: "messages sent"}
---*/
SELECT s.sk, CAST(x_idiv(s.slot, 2016 * g.send_weeks) * 8 + s.clock AS INTEGER) AS unit, CAST(x_idiv(s.slot - 2016 * x_idiv(s.slot, 2016), 12) AS INTEGER) AS hour,
  CAST(SUM(s.n) AS BIGINT) AS n
FROM scenarios.fct_send_slots s CROSS JOIN scenarios.red_overlap_grid g
GROUP BY s.sk, x_idiv(s.slot, 2016 * g.send_weeks) * 8 + s.clock, x_idiv(s.slot - 2016 * x_idiv(s.slot, 2016), 12)
