/*---
table: scenarios.fct_trial_groups
block: effects
grain: [gk]
reads: [analytics.fct_order_lines, core.cfg_attributes, core.customer_attributes, core.customers, core.segment_memberships, scenarios.fct_trial_looks]
doc: >-
  Groups of customers that may be the audience of a scenario: segments, values of attributes (and source, owner, timezone) with at most 50 different ones, product categories, at most 50.
columns:
  - {name: gk, type: int64, unit: "1", doc: "group key, 1 .. n"}
  - {name: kind, type: string, doc: "segment, attribute, category (the one most often ordered before time zero)"}
  - {name: name, type: string, doc: "segment, or attribute; empty for a category"}
  - {name: group_value, type: string, doc: "value of the attribute, (none) when there is none; category; empty for a segment"}
  - {name: dated, type: bool, unit: "1", doc: "membership is known as of time zero; else as of the export only, so that the scenario itself may have changed it"}
---*/
WITH people AS (
  SELECT ck FROM scenarios.fct_trial_looks GROUP BY ck
),
joined AS (
  SELECT m.segment_id, MAX(CASE WHEN m.from_day > -1000000 THEN 1 ELSE 0 END) AS dated FROM core.segment_memberships m JOIN people p ON p.ck = m.ck GROUP BY m.segment_id
),
said AS (
  SELECT a.attribute AS name, COALESCE(x_attribute(t.attributes, a.position), '(none)') AS group_value
  FROM core.customer_attributes t JOIN people p ON p.ck = t.ck CROSS JOIN core.cfg_attributes a
  UNION ALL
  SELECT 'source', COALESCE(CAST(c.source AS VARCHAR), '(none)') FROM core.customers c JOIN people p ON p.ck = c.ck
  UNION ALL
  SELECT 'owner', COALESCE(CAST(c.owner AS VARCHAR), '(none)') FROM core.customers c JOIN people p ON p.ck = c.ck
  UNION ALL
  SELECT 'timezone', COALESCE(CAST(c.timezone AS VARCHAR), '(none)') FROM core.customers c JOIN people p ON p.ck = c.ck
),
known AS (
  SELECT name, group_value FROM said GROUP BY name, group_value
),
few AS (
  SELECT name FROM known GROUP BY name HAVING COUNT(*) > 1 AND COUNT(*) <= 50
),
goods AS (
  SELECT l.category, COUNT(*) AS n FROM analytics.fct_order_lines l JOIN people p ON p.ck = l.ck WHERE l.day IS NOT NULL AND l.category <> '' GROUP BY l.category
),
common AS (
  SELECT category, ROW_NUMBER() OVER (ORDER BY n DESC NULLS LAST, category NULLS LAST) AS place FROM goods
),
together AS (
  SELECT 'segment' AS kind, CAST(segment_id AS VARCHAR) AS name, '' AS group_value, dated = 1 AS dated FROM joined
  UNION ALL
  SELECT 'attribute', k.name, k.group_value, FALSE FROM known k JOIN few f ON f.name = k.name
  UNION ALL
  SELECT 'category', '', category, TRUE FROM common WHERE place <= 50
)
SELECT CAST(ROW_NUMBER() OVER (ORDER BY kind NULLS LAST, name NULLS LAST, group_value NULLS LAST) AS INTEGER) AS gk, kind, name, group_value, dated FROM together
