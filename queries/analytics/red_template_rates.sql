/*---
table: analytics.red_template_rates
block: content
grain: [scope, slot, bucket]
reads: [analytics.fct_content_messages, analytics.fct_content_slots]
doc: What came of the delivered messages of the sample, by template and by the use of a template in one channel, kind and scenario.
max_rows: 5000000
columns:
  - {name: scope, type: string, doc: "template or use"}
  - {name: slot, type: int64, unit: "1", doc: "smallest slot of the template, or of template, channel, kind and scenario (analytics.fct_content_slots)"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers with a delivered message"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered"}
  - {name: opened, type: int64, unit: "messages", doc: "opened, not by a machine"}
  - {name: machine, type: int64, unit: "messages", doc: "opened by a machine"}
  - {name: clicked, type: int64, unit: "messages", doc: "clicked, not by a robot"}
---*/
WITH sums AS (
  SELECT slot, bucket, COUNT(*) AS delivered, SUM(opened) AS opened, SUM(machine) AS machine, SUM(clicked) AS clicked
  FROM analytics.fct_content_messages
  WHERE delivered = 1
  GROUP BY slot, bucket
),
people AS ( -- who got what: key and bucket are one number, and nothing is summed over the many pairs
  SELECT s.use_slot, CAST(m.ck AS BIGINT) * 128 + m.bucket AS person
  FROM analytics.fct_content_messages m JOIN analytics.fct_content_slots s ON s.slot = m.slot
  WHERE m.delivered = 1 AND s.tk > 0
  GROUP BY s.use_slot, CAST(m.ck AS BIGINT) * 128 + m.bucket
),
uses AS (
  SELECT use_slot, person - 128 * x_idiv(person, 128) AS bucket, COUNT(*) AS customers FROM people GROUP BY use_slot, person - 128 * x_idiv(person, 128)
),
places AS (
  SELECT use_slot, MIN(tk) AS tk FROM analytics.fct_content_slots WHERE tk > 0 GROUP BY use_slot
),
shared AS ( -- templates with several uses: a customer of two of them counts once
  SELECT tk FROM places GROUP BY tk HAVING COUNT(*) > 1
),
several AS (
  SELECT p.tk, u.person FROM people u JOIN places p ON p.use_slot = u.use_slot JOIN shared s ON s.tk = p.tk GROUP BY p.tk, u.person
),
counts AS (
  SELECT 'use' AS scope, use_slot AS slot, bucket, customers FROM uses
  UNION ALL
  SELECT 'template', p.tk, u.bucket, u.customers
  FROM uses u JOIN places p ON p.use_slot = u.use_slot LEFT JOIN shared s ON s.tk = p.tk
  WHERE s.tk IS NULL
  UNION ALL
  SELECT 'template', tk, person - 128 * x_idiv(person, 128), COUNT(*) FROM several GROUP BY tk, person - 128 * x_idiv(person, 128)
),
both_scopes AS (
  SELECT 'use' AS scope, s.use_slot AS slot, m.bucket, m.delivered, m.opened, m.machine, m.clicked FROM sums m JOIN analytics.fct_content_slots s ON s.slot = m.slot WHERE s.tk > 0
  UNION ALL
  SELECT 'template', s.tk, m.bucket, m.delivered, m.opened, m.machine, m.clicked FROM sums m JOIN analytics.fct_content_slots s ON s.slot = m.slot WHERE s.tk > 0
)
SELECT b.scope, CAST(b.slot AS BIGINT) AS slot, CAST(b.bucket AS BIGINT) AS bucket, CAST(MIN(c.customers) AS BIGINT) AS customers, CAST(SUM(b.delivered) AS BIGINT) AS delivered, CAST(SUM(b.opened) AS BIGINT) AS opened,
  CAST(SUM(b.machine) AS BIGINT) AS machine, CAST(SUM(b.clicked) AS BIGINT) AS clicked
FROM both_scopes b JOIN counts c ON c.scope = b.scope AND c.slot = b.slot AND c.bucket = b.bucket
GROUP BY b.scope, b.slot, b.bucket
