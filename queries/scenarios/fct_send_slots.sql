/*---
table: scenarios.fct_send_slots
block: overlap
grain: [sk, clock, slot]
reads: [scenarios.fct_sent]
doc: Messages by scenario, time zone and five minutes, transactional ones and the week in which a customer came left out.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: clock, type: int64, unit: "1", doc: "clock of scenarios.fct_clocks"}
  - {name: slot, type: int64, unit: "5 minutes", doc: "since start_sec of scenarios.red_overlap_grid"}
  - {name: n, type: int64, unit: "messages", doc: "messages sent"}
---*/
SELECT sk, clock, CAST(x_idiv(sec, 300) AS INTEGER) AS slot, COUNT(*) AS n
FROM scenarios.fct_sent
WHERE clock >= 0
GROUP BY sk, clock, x_idiv(sec, 300)
