/*---
table: scenarios.red_quiet_hours
block: contact
grain: [ch, sk, service]
reads: [scenarios.fct_quiet_messages]
doc: Messages in quiet hours by channel and scenario. The row of channel 0 and scenario -1 is all of them together, so that its customers are counted once.
max_rows: 200000
columns:
  - {name: ch, type: int64, unit: "1", doc: "channel key; 0 for all together"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key; 0 without a scenario, -1 for all together"}
  - {name: service, type: bool, unit: "1", doc: "service messages"}
  - {name: broken, type: int64, unit: "messages", doc: "messages in quiet hours"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers who got them"}
---*/
SELECT ch, sk, service, COUNT(*) AS broken, COUNT(DISTINCT ck) AS customers
FROM scenarios.fct_quiet_messages
GROUP BY ch, sk, service
UNION ALL
SELECT CAST(0 AS INTEGER), CAST(-1 AS INTEGER), service, COUNT(*), COUNT(DISTINCT ck)
FROM scenarios.fct_quiet_messages
GROUP BY service
