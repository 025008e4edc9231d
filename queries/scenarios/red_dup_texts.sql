/*---
table: scenarios.red_dup_texts
block: duplicates
grain: [template_id]
reads: [core.templates, scenarios.red_dup_templates]
doc: What is known of the templates in use, of at most 10,000 of the commonest; of a text the first 30,000 characters.
max_rows: 10000
columns:
  - {name: template_id, type: string, doc: "template"}
  - {name: name, type: string, nullable: true, doc: "name"}
  - {name: subject, type: string, nullable: true, doc: "subject line"}
  - {name: text, type: string, nullable: true, doc: "the words of the message, plain or HTML"}
  - {name: content_hash, type: string, nullable: true, doc: "hash of the content"}
---*/
WITH used AS (
  SELECT template_id, SUM(messages) AS messages FROM scenarios.red_dup_templates GROUP BY template_id
),
placed AS (
  SELECT t.template_id, t.name, t.subject, t.text, t.content_hash, ROW_NUMBER() OVER (ORDER BY u.messages DESC NULLS LAST, t.template_id NULLS LAST) AS place
  FROM core.templates t JOIN used u ON u.template_id = t.template_id
)
SELECT template_id, name, subject, x_left(text, 30000) AS text, content_hash
FROM placed
WHERE place <= 10000
