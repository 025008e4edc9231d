/*---
table: lifecycle.fct_customer_groups
grain: [ck, grouping_name]
reads: [core.customers, core.customer_attributes, core.calendar, core.cfg_attributes]
doc: >-
  Groups of customers that do not change with time: the cohort (month in which he is first seen) and each attribute with at most 50
  different values.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: grouping_name, type: string, doc: "cohort, or the name of an attribute, attr_*"}
  - {name: group_value, type: string, doc: "the month as its first day, before = older than the first loaded day; or the value of the attribute, (none) when there is none"}
---*/
WITH attributes AS (
  SELECT t.ck, a.attribute, COALESCE(x_attribute(t.attributes, a.position), '(none)') AS group_value
  FROM core.customer_attributes t CROSS JOIN core.cfg_attributes a
),
small AS (
  SELECT attribute
  FROM (SELECT attribute, group_value FROM attributes GROUP BY attribute, group_value) v
  GROUP BY attribute
  HAVING COUNT(*) <= 50
)
SELECT t.ck, t.attribute AS grouping_name, t.group_value
FROM attributes t JOIN small s ON s.attribute = t.attribute
UNION ALL
SELECT c.ck, 'cohort', COALESCE(CAST(CAST(d.date - CAST(d.day - d.month_start_day AS INTEGER) AS DATE) AS VARCHAR), 'before')
FROM core.customers c LEFT JOIN core.calendar d ON d.day = c.first_seen_day
