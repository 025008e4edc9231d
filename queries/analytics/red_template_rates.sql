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
WITH uses AS (
  SELECT s.tk, s.use_slot, m.bucket, m.ck, COUNT(*) AS delivered, SUM(m.opened) AS opened, SUM(m.machine) AS machine, SUM(m.clicked) AS clicked
  FROM analytics.fct_content_messages m JOIN analytics.fct_content_slots s ON s.slot = m.slot
  WHERE m.delivered = 1 AND s.tk > 0
  GROUP BY s.tk, s.use_slot, m.bucket, m.ck
),
templates AS (
  SELECT tk, bucket, ck, SUM(delivered) AS delivered, SUM(opened) AS opened, SUM(machine) AS machine, SUM(clicked) AS clicked FROM uses GROUP BY tk, bucket, ck
),
both_scopes AS (
  SELECT 'use' AS scope, use_slot AS slot, bucket, COUNT(*) AS customers, SUM(delivered) AS delivered, SUM(opened) AS opened, SUM(machine) AS machine, SUM(clicked) AS clicked FROM uses GROUP BY use_slot, bucket
  UNION ALL
  SELECT 'template', tk, bucket, COUNT(*), SUM(delivered), SUM(opened), SUM(machine), SUM(clicked) FROM templates GROUP BY tk, bucket
)
SELECT scope, CAST(slot AS BIGINT) AS slot, CAST(bucket AS BIGINT) AS bucket, CAST(customers AS BIGINT) AS customers, CAST(delivered AS BIGINT) AS delivered, CAST(opened AS BIGINT) AS opened, CAST(machine AS BIGINT) AS machine,
  CAST(clicked AS BIGINT) AS clicked
FROM both_scopes
