/*---
table: scenarios.red_contact_totals
block: contact
grain: [ch, sk, service]
reads: [scenarios.fct_contacts, scenarios.fct_window]
doc: Messages of the audited window by channel and scenario.
max_rows: 200000
columns:
  - {name: ch, type: int64, unit: "1", doc: "channel key"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key; 0 without a scenario"}
  - {name: service, type: bool, unit: "1", doc: "not counted against caps: transactional or of a service scenario, unless policy.count_service"}
  - {name: messages, type: int64, unit: "messages", doc: "sent in the audited window"}
  - {name: week_messages, type: int64, unit: "messages", doc: "of them in weeks that lie wholly within it"}
---*/
WITH weeks AS (
  SELECT ch, sk, service, week_day, COUNT(*) AS n FROM scenarios.fct_contacts GROUP BY ch, sk, service, week_day
)
SELECT k.ch, k.sk, k.service, SUM(k.n) AS messages, SUM(CASE WHEN k.week_day >= w.from_day AND k.week_day + 7 <= w.to_day THEN k.n ELSE 0 END) AS week_messages
FROM weeks k CROSS JOIN scenarios.fct_window w
GROUP BY k.ch, k.sk, k.service
