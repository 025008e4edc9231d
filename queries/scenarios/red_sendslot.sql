/*---
table: scenarios.red_sendslot
block: overlap
grain: [sk, hour, slot]
reads: [scenarios.fct_send_slots]
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
WITH counts AS (
  SELECT sk, slot - 2016 * x_idiv(slot, 2016) AS slot, SUM(n) AS n
  FROM scenarios.fct_send_slots
  GROUP BY sk, slot - 2016 * x_idiv(slot, 2016)
)
SELECT sk, CAST(x_idiv(slot, 12) AS INTEGER) AS hour, CAST(slot - 12 * x_idiv(slot, 12) AS INTEGER) AS slot, CAST(n AS BIGINT) AS n
FROM counts
