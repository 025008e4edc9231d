/*---
table: scenarios.fct_chain_spans
block: overlap
grain: [ck, sk, from_sec]
reads: [scenarios.fct_active, scenarios.fct_strata, scenarios.fct_strata_spans]
doc: >-
  Active time in scenarios within the audited time, cut at the borders of the cells. Calendar campaigns (bulk) are not here: nobody enters or
  leaves them, so their one-day entries overlap by the calendar alone; they take part in collisions of messages.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "half of the customer bucket: 0..49"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: cell, type: int64, unit: "1", doc: "cell of scenarios.fct_strata"}
  - {name: from_sec, type: int64, unit: "unix seconds", doc: "begin"}
  - {name: to_sec, type: int64, unit: "unix seconds", doc: "end, exclusive"}
---*/
SELECT a.ck, t.bucket, a.sk, c.cell, GREATEST(a.from_sec, t.from_sec) AS from_sec, LEAST(a.to_sec, t.to_sec) AS to_sec
FROM scenarios.fct_active a
JOIN scenarios.fct_strata_spans t ON t.ck = a.ck AND t.from_sec < a.to_sec AND t.to_sec > a.from_sec
JOIN scenarios.fct_strata c ON c.code = t.code
