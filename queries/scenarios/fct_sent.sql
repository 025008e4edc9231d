/*---
table: scenarios.fct_sent
block: overlap
grain: [ck, week, sk, sec]
reads: [scenarios.fct_clocks, scenarios.fct_messages, scenarios.fct_window, scenarios.red_overlap_grid]
doc: >-
  The sent messages of scenarios in the audited time as small numbers, transactional ones left out: an order confirmation collides with nothing. Messages of one
  scenario to one customer in one second are so many equal rows.
view: true
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: week, type: int64, unit: "weeks", doc: "week, 0 = that of start_day of scenarios.red_overlap_grid"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: sec, type: int64, unit: "seconds", doc: "since start_sec of scenarios.red_overlap_grid"}
  - {name: clock, type: int64, unit: "1", doc: "clock of scenarios.fct_clocks; -1 in weeks at whose begin the customer was not known"}
---*/
WITH sent AS (
  SELECT m.ck, m.sk, m.sec - g.start_sec AS sec
  FROM scenarios.fct_messages m
  CROSS JOIN scenarios.red_overlap_grid g
  CROSS JOIN scenarios.fct_window w
  WHERE m.sk > 0 AND m.kind <> 2 AND m.sec >= w.from_sec AND m.sec < w.to_sec
)
SELECT t.ck, CAST(x_idiv(t.sec, 604800) AS INTEGER) AS week, t.sk, t.sec,
  CAST(CASE WHEN x_idiv(t.sec, 604800) < COALESCE(c.known_week, 0) THEN -1 ELSE COALESCE(c.clock, 0) END AS INTEGER) AS clock
FROM sent t LEFT JOIN scenarios.fct_clocks c ON c.ck = t.ck
