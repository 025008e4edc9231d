/*---
table: scenarios.fct_trial_traits
block: effects
grain: [sk, ck, treated, gk]
reads: [analytics.fct_order_lines, core.cfg_attributes, core.customer_attributes, core.customers, core.segment_memberships, scenarios.fct_trial_groups, scenarios.fct_trial_looks]
doc: "Which groups the sampled units were in: segments on the day before time zero, attributes as of the export, the category that most order lines before time zero are of (the first in the alphabet when several are)."
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: treated, type: int64, unit: "1", doc: "1 entered at time zero"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "time zero"}
  - {name: k, type: int64, unit: "1", doc: "as in scenarios.fct_trial_looks"}
  - {name: gk, type: int64, unit: "1", doc: "group key"}
---*/
WITH people AS (
  SELECT ck FROM scenarios.fct_trial_looks GROUP BY ck
),
segments AS (
  SELECT m.ck, g.gk, m.from_day, m.to_day
  FROM core.segment_memberships m JOIN people p ON p.ck = m.ck JOIN scenarios.fct_trial_groups g ON g.kind = 'segment' AND g.name = CAST(m.segment_id AS VARCHAR)
),
said AS (
  SELECT t.ck, a.attribute AS name, COALESCE(x_attribute(t.attributes, a.position), '(none)') AS group_value
  FROM core.customer_attributes t JOIN people p ON p.ck = t.ck CROSS JOIN core.cfg_attributes a
  UNION ALL
  SELECT c.ck, 'source', COALESCE(CAST(c.source AS VARCHAR), '(none)') FROM core.customers c JOIN people p ON p.ck = c.ck
  UNION ALL
  SELECT c.ck, 'owner', COALESCE(CAST(c.owner AS VARCHAR), '(none)') FROM core.customers c JOIN people p ON p.ck = c.ck
  UNION ALL
  SELECT c.ck, 'timezone', COALESCE(CAST(c.timezone AS VARCHAR), '(none)') FROM core.customers c JOIN people p ON p.ck = c.ck
),
attributes AS (
  SELECT s.ck, g.gk FROM said s JOIN scenarios.fct_trial_groups g ON g.kind = 'attribute' AND g.name = s.name AND g.group_value = s.group_value
),
times AS (
  SELECT ck, day FROM scenarios.fct_trial_looks GROUP BY ck, day
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
SELECT l.sk, l.ck, l.treated, l.day, l.k, s.gk
FROM scenarios.fct_trial_looks l JOIN segments s ON s.ck = l.ck AND s.from_day < l.day AND s.to_day >= l.day
GROUP BY l.sk, l.ck, l.treated, l.day, l.k, s.gk
UNION ALL
SELECT l.sk, l.ck, l.treated, l.day, l.k, a.gk
FROM scenarios.fct_trial_looks l JOIN attributes a ON a.ck = l.ck
UNION ALL
SELECT l.sk, l.ck, l.treated, l.day, l.k, r.gk
FROM scenarios.fct_trial_looks l JOIN ranked r ON r.ck = l.ck AND r.day = l.day AND r.place = 1
