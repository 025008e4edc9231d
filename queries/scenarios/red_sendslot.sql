/*---
table: scenarios.red_sendslot
block: overlap
grain: [sk, hour, slot]
reads: [core.messages, scenarios.fct_clocks, scenarios.fct_scenarios, scenarios.fct_window, scenarios.red_overlap_grid]
doc: >-
  Messages by hour of the week and five minutes within it, transactional ones and the week in which a customer came left out: of two daily batches exactly collision_hours apart, the minutes
  decide which messages are near each other.
max_rows: 3000000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: hour, type: int64, unit: "hours", doc: "hours since Monday 0:00: 0..167"}
  - {name: slot, type: int64, unit: "5 minutes", doc: "place within the hour: 0..11"}
  - {name: n, type: int64, unit: "messages", doc: "messages sent"}
---*/
WITH slots AS (
  SELECT s.sk, x_idiv(x_sec(m.sent_at) - g.start_sec, 300) - 2016 * x_idiv(x_sec(m.sent_at) - g.start_sec, 604800) AS slot
  FROM core.messages m
  JOIN scenarios.fct_scenarios s ON s.scenario_id = m.scenario_id
  LEFT JOIN scenarios.fct_clocks c ON c.ck = m.ck
  CROSS JOIN scenarios.red_overlap_grid g
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_at IS NOT NULL AND COALESCE(m.kind <> 'transactional', TRUE) AND x_sec(m.sent_at) >= w.from_sec AND x_sec(m.sent_at) < w.to_sec
    AND x_idiv(x_sec(m.sent_at) - g.start_sec, 604800) >= COALESCE(c.known_week, 0)
),
counts AS (
  SELECT sk, slot, COUNT(*) AS n
  FROM slots
  GROUP BY sk, slot
)
SELECT sk, CAST(x_idiv(slot, 12) AS INTEGER) AS hour, CAST(slot - 12 * x_idiv(slot, 12) AS INTEGER) AS slot, n
FROM counts
