/*---
table: scenarios.red_lost
block: overlap
grain: [sk_lost, sk_sent, sendable]
reads: [scenarios.fct_lost_pairs]
doc: Messages not sent although one of lower priority went to the same customer within collision_seconds, by the scenarios of the two.
max_rows: 1000000
columns:
  - {name: sk_lost, type: int64, unit: "1", doc: "scenario of the messages not sent"}
  - {name: sk_sent, type: int64, unit: "1", doc: "scenario of the messages of lower priority"}
  - {name: sendable, type: bool, unit: "1", doc: "they could have gone, scenarios.fct_withheld"}
  - {name: messages, type: int64, unit: "messages", doc: "messages not sent"}
  - {name: sent_first, type: int64, unit: "messages", doc: "of them those with a lower one sent before the decision or in the same second"}
  - {name: customers, type: int64, unit: "customers", doc: "their customers"}
---*/
WITH lost AS (
  SELECT sk_lost, sk_sent, sendable, mk_lost, ck, MAX(CASE WHEN gap >= 0 THEN 1 ELSE 0 END) AS sent_first
  FROM scenarios.fct_lost_pairs
  GROUP BY sk_lost, sk_sent, sendable, mk_lost, ck
)
SELECT sk_lost, sk_sent, sendable, COUNT(*) AS messages, CAST(SUM(sent_first) AS BIGINT) AS sent_first, COUNT(DISTINCT ck) AS customers
FROM lost
GROUP BY sk_lost, sk_sent, sendable
