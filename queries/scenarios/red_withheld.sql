/*---
table: scenarios.red_withheld
block: overlap
grain: [reason, bucket]
reads: [core.customers, scenarios.fct_lost_pairs, scenarios.fct_withheld]
doc: Messages of scenarios that were decided against in the audited time, by reason and bucket; of them those beside which a message of lower priority went to the same customer.
max_rows: 500000
columns:
  - {name: reason, type: string, doc: "not_sent_reason; empty when none is given"}
  - {name: kind, type: string, doc: "its kind, scenarios.fct_withheld"}
  - {name: sendable, type: bool, unit: "1", doc: "the messages could have gone"}
  - {name: bucket, type: int64, unit: "1", doc: "half of the customer bucket: 0..49"}
  - {name: messages, type: int64, unit: "messages", doc: "decided against"}
  - {name: customers, type: int64, unit: "customers", doc: "their customers"}
  - {name: ranked, type: int64, unit: "messages", doc: "of them with a priority, of the definition or of their own"}
  - {name: lost, type: int64, unit: "messages", doc: "of these those beside which one of lower priority went, within collision_seconds"}
  - {name: customers_lost, type: int64, unit: "customers", doc: "customers of these"}
  - {name: customers_first, type: int64, unit: "customers", doc: "of these customers those who are in no other row of the same sendable with an earlier such message: adds up over reasons"}
---*/
WITH lost AS (
  SELECT mk_lost FROM scenarios.fct_lost_pairs GROUP BY mk_lost
),
marked AS (
  SELECT w.ck, w.reason, w.kind, w.sendable, w.declared IS NOT NULL OR w.priority IS NOT NULL AS ranked, l.mk_lost IS NOT NULL AS lost,
    CASE WHEN l.mk_lost IS NOT NULL THEN ROW_NUMBER() OVER (PARTITION BY w.ck, w.sendable, CASE WHEN l.mk_lost IS NULL THEN 0 ELSE 1 END ORDER BY w.sec NULLS LAST, w.mk NULLS LAST) END AS place
  FROM scenarios.fct_withheld w LEFT JOIN lost l ON l.mk_lost = w.mk
)
SELECT m.reason, m.kind, m.sendable, CAST(x_idiv(c.bucket, 2) AS INTEGER) AS bucket, COUNT(*) AS messages, COUNT(DISTINCT m.ck) AS customers,
  COUNT(CASE WHEN m.ranked THEN 1 END) AS ranked, COUNT(CASE WHEN m.lost THEN 1 END) AS lost, COUNT(DISTINCT CASE WHEN m.lost THEN m.ck END) AS customers_lost,
  COUNT(CASE WHEN m.place = 1 THEN 1 END) AS customers_first
FROM marked m JOIN core.customers c ON c.ck = m.ck
GROUP BY m.reason, m.kind, m.sendable, x_idiv(c.bucket, 2)
