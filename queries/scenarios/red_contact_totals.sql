/*---
table: scenarios.red_contact_totals
block: contact
grain: [ch, sk, service]
reads: [core.cfg_contact, core.messages, scenarios.fct_contact_scenarios, scenarios.fct_crowded, scenarios.fct_window, scenarios.red_contact_channels]
doc: Messages of the audited window by channel and scenario, and how many of the counted ones are alone in their day and week.
max_rows: 200000
columns:
  - {name: ch, type: int64, unit: "1", doc: "channel key"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key; 0 without a scenario"}
  - {name: service, type: bool, unit: "1", doc: "not counted against caps: transactional or of a service scenario, unless policy.count_service"}
  - {name: messages, type: int64, unit: "messages", doc: "sent in the audited window"}
  - {name: week_messages, type: int64, unit: "messages", doc: "of them in weeks that lie wholly within it"}
  - {name: crowded, type: int64, unit: "messages", doc: "counted messages that share a week with another one"}
  - {name: week_crowded, type: int64, unit: "messages", doc: "of them in whole weeks"}
---*/
WITH sent AS (
  SELECT h.ch, COALESCE(s.sk, 0) AS sk, m.sent_day,
    NOT c.count_service AND (COALESCE(m.kind = 'transactional', FALSE) OR COALESCE(s.service, FALSE)) AS service,
    m.sent_day - (m.sent_day - 4 - 7 * x_idiv(m.sent_day - 4, 7)) AS week_day, w.from_day, w.to_day
  FROM core.messages m
  JOIN scenarios.red_contact_channels h ON h.channel = m.channel
  LEFT JOIN scenarios.fct_contact_scenarios s ON s.scenario_id = m.scenario_id
  CROSS JOIN core.cfg_contact c
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day >= w.from_day AND m.sent_day < w.to_day
),
totals AS (
  SELECT ch, sk, service, COUNT(*) AS messages, SUM(CASE WHEN week_day >= from_day AND week_day + 7 <= to_day THEN 1 ELSE 0 END) AS week_messages
  FROM sent
  GROUP BY ch, sk, service
),
crowd AS (
  SELECT ch, COALESCE(sk, 0) AS sk, COUNT(*) AS crowded, SUM(CASE WHEN whole_week THEN 1 ELSE 0 END) AS week_crowded
  FROM scenarios.fct_crowded
  GROUP BY ch, COALESCE(sk, 0)
)
SELECT t.ch, t.sk, t.service, t.messages, t.week_messages, CASE WHEN t.service THEN 0 ELSE COALESCE(c.crowded, 0) END AS crowded,
  CASE WHEN t.service THEN 0 ELSE COALESCE(c.week_crowded, 0) END AS week_crowded
FROM totals t
LEFT JOIN crowd c ON c.ch = t.ch AND c.sk = t.sk
