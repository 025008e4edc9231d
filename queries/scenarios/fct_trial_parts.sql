/*---
table: scenarios.fct_trial_parts
block: effects
grain: [sk, ck, day]
reads: [analytics.fct_order_lines, core.cfg_attributes, core.customer_attributes, core.customers, core.segment_memberships, scenarios.fct_trial_audiences, scenarios.fct_trial_groups, scenarios.fct_trial_units]
doc: Units in the group by which the audience of their scenario is told, scenarios.fct_trial_audiences; the others are not here.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "time zero"}
---*/
WITH chosen AS (
  SELECT a.sk, g.gk, g.kind, g.name, g.group_value FROM scenarios.fct_trial_audiences a JOIN scenarios.fct_trial_groups g ON g.gk = a.gk
),
units AS (
  SELECT u.sk, u.ck, u.day, c.gk, c.kind, c.name, c.group_value FROM scenarios.fct_trial_units u JOIN chosen c ON c.sk = u.sk
),
said AS (
  SELECT t.ck, g.gk FROM core.customer_attributes t CROSS JOIN core.cfg_attributes a
  JOIN (SELECT gk, name, group_value FROM chosen WHERE kind = 'attribute' GROUP BY gk, name, group_value) g ON g.name = a.attribute AND g.group_value = COALESCE(x_attribute(t.attributes, a.position), '(none)')
  UNION ALL
  SELECT t.ck, g.gk FROM core.customers t
  JOIN (SELECT gk, name, group_value FROM chosen WHERE kind = 'attribute' GROUP BY gk, name, group_value) g ON g.name = 'source' AND g.group_value = COALESCE(CAST(t.source AS VARCHAR), '(none)')
    OR g.name = 'owner' AND g.group_value = COALESCE(CAST(t.owner AS VARCHAR), '(none)') OR g.name = 'timezone' AND g.group_value = COALESCE(CAST(t.timezone AS VARCHAR), '(none)')
),
times AS (
  SELECT ck, day FROM units WHERE kind = 'category' GROUP BY ck, day
),
bought AS (
  SELECT t.ck, t.day, g.gk, COUNT(*) AS lines
  FROM times t
  JOIN analytics.fct_order_lines l ON l.ck = t.ck AND l.day < t.day
  JOIN scenarios.fct_trial_groups g ON g.kind = 'category' AND g.group_value = l.category
  GROUP BY t.ck, t.day, g.gk
),
ranked AS (
  SELECT ck, day, gk, ROW_NUMBER() OVER (PARTITION BY ck, day ORDER BY lines DESC NULLS LAST, gk NULLS LAST) AS place FROM bought
)
SELECT u.sk, u.ck, u.day
FROM units u JOIN core.segment_memberships m ON m.ck = u.ck AND CAST(m.segment_id AS VARCHAR) = u.name AND m.from_day < u.day AND m.to_day >= u.day
WHERE u.kind = 'segment'
GROUP BY u.sk, u.ck, u.day
UNION ALL
SELECT u.sk, u.ck, u.day FROM units u JOIN said s ON s.ck = u.ck AND s.gk = u.gk WHERE u.kind = 'attribute'
UNION ALL
SELECT u.sk, u.ck, u.day FROM units u JOIN ranked r ON r.ck = u.ck AND r.day = u.day AND r.gk = u.gk AND r.place = 1 WHERE u.kind = 'category'
