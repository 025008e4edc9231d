/*---
table: scenarios.red_dup_templates
block: duplicates
grain: [sk, step_id, place, template_id]
reads: [scenarios.fct_dup_messages]
doc: The templates of every step of a scenario, at most twenty of the commonest for each of the thirty largest steps.
max_rows: 2000000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: step_id, type: string, doc: "step; empty for messages without one"}
  - {name: place, type: int64, unit: "1", doc: "place among the messages of the entry, for messages without a step; 0 with one"}
  - {name: template_id, type: string, doc: "template; empty for messages without one"}
  - {name: messages, type: int64, unit: "messages", doc: "messages of the sample"}
---*/
WITH messages AS (
  SELECT sk, step_id, CASE WHEN step_id = '' THEN place ELSE 0 END AS place, template_id, COUNT(*) AS messages
  FROM scenarios.fct_dup_messages
  GROUP BY sk, step_id, CASE WHEN step_id = '' THEN place ELSE 0 END, template_id
),
sizes AS (
  SELECT sk, step_id, place, ROW_NUMBER() OVER (PARTITION BY sk ORDER BY SUM(messages) DESC NULLS LAST, step_id NULLS LAST, place NULLS LAST) AS size_place
  FROM messages
  GROUP BY sk, step_id, place
),
placed AS (
  SELECT m.sk, m.step_id, m.place, m.template_id, m.messages,
    ROW_NUMBER() OVER (PARTITION BY m.sk, m.step_id, m.place ORDER BY m.messages DESC NULLS LAST, m.template_id NULLS LAST) AS template_place
  FROM messages m JOIN sizes s ON s.sk = m.sk AND s.step_id = m.step_id AND s.place = m.place
  WHERE s.size_place <= 30
)
SELECT sk, step_id, place, template_id, messages
FROM placed
WHERE template_place <= 20
