/*---
table: analytics.red_health_contacts
block: health
grain: [ck]
reads: [core.cfg_attributes, core.cfg_audit, core.cfg_health_costs, core.cfg_health_fields, core.customer_attributes, core.customers, core.deals, analytics.fct_health_messages, lifecycle.fct_activity_days, lifecycle.fct_order_days]
doc: >-
  The contacts known by the end of the audited period, one row each: the one table of customers that Go reads, because spellings are compared in Go. Empty when there are more than five
  million contacts.
max_rows: 5000000
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: customer_id, type: string, doc: "id of the customer"}
  - {name: name, type: string, nullable: true, doc: "name, as given"}
  - {name: phone, type: string, nullable: true, doc: "phone, as given"}
  - {name: email, type: string, nullable: true, doc: "e-mail address, as given"}
  - {name: birthday, type: string, nullable: true, doc: "date of birth, as given; NULL without such an attribute"}
  - {name: created_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "when the contact was created"}
  - {name: updated_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "last change of the record, UTC day"}
  - {name: active_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "last activity event, order, answer to a message or move of a deal; NULL: none"}
  - {name: messages, type: int64, unit: "messages", doc: "sent to him in the audited period"}
  - {name: cost_micro, type: int64, unit: "1e-6 currency units", doc: "what they cost, by money.message_cost; channels without a cost count 0"}
---*/
WITH sizes AS (
  SELECT COUNT(*) AS n FROM core.customers c JOIN core.cfg_audit a ON c.first_seen_day < a.to_day
),
messages AS (
  SELECT m.ck, MAX(m.response_day) AS day, SUM(m.sent) AS messages, SUM(m.sent * COALESCE(k.cost_micro, 0)) AS cost_micro
  FROM analytics.fct_health_messages m LEFT JOIN core.cfg_health_costs k ON k.channel = CAST(m.channel AS VARCHAR)
  GROUP BY m.ck
),
acts AS (
  SELECT d.ck, d.day FROM lifecycle.fct_activity_days d JOIN core.cfg_audit a ON d.day < a.to_day AND d.until_day >= a.to_day
  UNION ALL
  SELECT d.ck, d.day FROM lifecycle.fct_order_days d JOIN core.cfg_audit a ON d.day < a.to_day AND d.until_day >= a.to_day
  UNION ALL
  SELECT d.ck, d.entered_day FROM core.deals d JOIN core.cfg_audit a ON d.entered_day < a.to_day
  WHERE d.ck IS NOT NULL
),
active AS (
  SELECT ck, MAX(day) AS day FROM acts GROUP BY ck
),
births AS (
  SELECT t.ck, x_attribute(t.attributes, p.position) AS birthday
  FROM core.customer_attributes t
  CROSS JOIN core.cfg_attributes p
  JOIN core.cfg_health_fields f ON f.field = p.attribute
  WHERE f.matched
)
SELECT c.ck, c.customer_id, c.name, c.phone, c.email, b.birthday, c.created_day, CASE WHEN c.updated_at IS NOT NULL THEN x_day(c.updated_at) END AS updated_day,
  CASE WHEN v.day IS NULL OR m.day > v.day THEN m.day ELSE v.day END AS active_day, CAST(COALESCE(m.messages, 0) AS BIGINT) AS messages, CAST(COALESCE(m.cost_micro, 0) AS BIGINT) AS cost_micro
FROM core.customers c
JOIN core.cfg_audit a ON c.first_seen_day < a.to_day
CROSS JOIN sizes z
LEFT JOIN messages m ON m.ck = c.ck
LEFT JOIN active v ON v.ck = c.ck
LEFT JOIN births b ON b.ck = c.ck
WHERE z.n <= 5000000
