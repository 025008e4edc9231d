/*---
table: scenarios.red_sendhour
block: overlap
grain: [sk, unit, hour]
reads: [core.messages, scenarios.fct_clocks, scenarios.red_overlap_grid, scenarios.fct_scenarios, scenarios.fct_window]
doc: Messages by calendar step and hour of the week, transactional ones and the week in which a customer came left out.
max_rows: 3000000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: unit, type: int64, unit: "1", doc: "8 x step of send_weeks weeks of scenarios.red_overlap_grid (from 0) + clock of scenarios.fct_clocks"}
  - {name: hour, type: int64, unit: "hours", doc: "hours since Monday 0:00: 0..167"}
  - {name: n, type: int64, unit: "messages", doc: "messages sent"}
---*/
WITH hours AS (
  SELECT s.sk, x_idiv(x_sec(m.sent_at) - g.start_sec, 3600) AS hour, COALESCE(c.clock, 0) AS clock, COUNT(*) AS n
  FROM core.messages m
  JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
  LEFT JOIN scenarios.fct_clocks c ON c.ck = m.ck
  CROSS JOIN scenarios.red_overlap_grid g
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_at IS NOT NULL AND COALESCE(m.kind <> 'transactional', TRUE) AND x_sec(m.sent_at) >= w.from_sec AND x_sec(m.sent_at) < w.to_sec
    AND x_idiv(x_sec(m.sent_at) - g.start_sec, 604800) >= COALESCE(c.known_week, 0)
  GROUP BY s.sk, x_idiv(x_sec(m.sent_at) - g.start_sec, 3600), COALESCE(c.clock, 0)
)
SELECT h.sk, CAST(x_idiv(h.hour, 168 * g.send_weeks) * 8 + h.clock AS INTEGER) AS unit, CAST(h.hour - 168 * x_idiv(h.hour, 168) AS INTEGER) AS hour,
  CAST(SUM(h.n) AS BIGINT) AS n
FROM hours h CROSS JOIN scenarios.red_overlap_grid g
GROUP BY h.sk, x_idiv(h.hour, 168 * g.send_weeks) * 8 + h.clock, h.hour - 168 * x_idiv(h.hour, 168)
