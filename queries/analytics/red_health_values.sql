/*---
table: analytics.red_health_values
block: health
grain: [field, value]
reads: [core.cfg_attributes, core.cfg_audit, core.cfg_health_fields, core.customer_attributes, core.customers]
doc: >-
  The most frequent values of every field but name, phone and e-mail, which are looked at one by one: 500 of a field, 50,000 of a date of birth. Moments count as one value.
max_rows: 2000000
columns:
  - {name: field, type: string, doc: "field, core.cfg_health_fields"}
  - {name: value, type: string, doc: "value as text, at most 100 characters; any for moments"}
  - {name: contacts, type: int64, unit: "customers", doc: "contacts with this value"}
  - {name: filled, type: int64, unit: "customers", doc: "contacts with any value in this field"}
  - {name: distinct_values, type: int64, unit: "1", doc: "different values of the field"}
---*/
WITH known AS (
  SELECT c.ck, c.source, c.owner, c.timezone, c.created_at, c.updated_at
  FROM core.customers c JOIN core.cfg_audit a ON c.first_seen_day < a.to_day
),
counts AS (
  SELECT f.field, x_left(x_attribute(t.attributes, p.position), 100) AS value, COUNT(*) AS contacts
  FROM core.customer_attributes t
  JOIN known k ON k.ck = t.ck
  CROSS JOIN core.cfg_attributes p
  JOIN core.cfg_health_fields f ON f.field = p.attribute
  GROUP BY f.field, x_left(x_attribute(t.attributes, p.position), 100)
  UNION ALL
  SELECT 'source', x_left(source, 100), COUNT(*) FROM known GROUP BY x_left(source, 100)
  UNION ALL
  SELECT 'owner', x_left(owner, 100), COUNT(*) FROM known GROUP BY x_left(owner, 100)
  UNION ALL
  SELECT 'timezone', x_left(timezone, 100), COUNT(*) FROM known GROUP BY x_left(timezone, 100)
  UNION ALL
  SELECT 'created_at', 'any', COUNT(created_at) FROM known
  UNION ALL
  SELECT 'updated_at', 'any', COUNT(updated_at) FROM known
),
ranked AS (
  SELECT c.field, c.value, c.contacts, SUM(c.contacts) OVER (PARTITION BY c.field) AS filled, COUNT(*) OVER (PARTITION BY c.field) AS n,
    ROW_NUMBER() OVER (PARTITION BY c.field ORDER BY c.contacts DESC NULLS LAST, c.value NULLS LAST) AS place
  FROM counts c
  WHERE c.value IS NOT NULL AND c.value <> '' AND c.contacts > 0
)
SELECT r.field, r.value, CAST(r.contacts AS BIGINT) AS contacts, CAST(r.filled AS BIGINT) AS filled, CAST(r.n AS BIGINT) AS distinct_values
FROM ranked r JOIN core.cfg_health_fields f ON f.field = r.field
WHERE r.place <= CASE WHEN f.birthday THEN 50000 ELSE 500 END
