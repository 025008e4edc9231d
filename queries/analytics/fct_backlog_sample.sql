/*---
table: analytics.fct_backlog_sample
block: backlog
grain: [ck]
reads: [core.customers]
doc: The customers on whom the backlog counts who shares what, one in so many by a fixed rule, about 20,000 of a large base and everybody of a small one.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: every, type: int64, unit: "1", doc: "each stands for so many customers"}
---*/
SELECT c.ck, CAST(c.bucket AS INTEGER) AS bucket, CAST(s.every AS INTEGER) AS every
FROM core.customers c CROSS JOIN (SELECT 1 + x_idiv(COUNT(*), 20001) AS every FROM core.customers) s
WHERE c.ck = s.every * x_idiv(c.ck, s.every)
