/*---
table: scenarios.red_sent_after_unsubscribe
block: contact
grain: [channel, scope, scenario_id, service]
reads: [scenarios.sent_after_unsubscribe]
doc: Messages sent after an unsubscribe by channel and scenario. The rows of scope all are a whole channel, so that its customers are counted once.
max_rows: 200000
columns:
  - {name: channel, type: string, doc: "channel"}
  - {name: scope, type: string, doc: "all (scenario_id is empty) or scenario"}
  - {name: scenario_id, type: string, doc: "scenario; empty for messages without one"}
  - {name: service, type: bool, unit: "1", doc: "service messages"}
  - {name: messages, type: int64, unit: "messages", doc: "messages sent after the unsubscribe"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers who got them"}
  - {name: within_two_days, type: int64, unit: "messages", doc: "of the messages, those less than 48 hours after it: a slow queue rather than a missing rule"}
---*/
SELECT channel, 'scenario' AS scope, COALESCE(scenario_id, '') AS scenario_id, service, COUNT(*) AS messages, COUNT(DISTINCT customer_id) AS customers,
  SUM(CASE WHEN hours_after < 48 THEN 1 ELSE 0 END) AS within_two_days
FROM scenarios.sent_after_unsubscribe
GROUP BY channel, COALESCE(scenario_id, ''), service
UNION ALL
SELECT channel, 'all', '', service, COUNT(*), COUNT(DISTINCT customer_id), SUM(CASE WHEN hours_after < 48 THEN 1 ELSE 0 END)
FROM scenarios.sent_after_unsubscribe
GROUP BY channel, service
