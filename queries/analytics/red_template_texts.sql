/*---
table: analytics.red_template_texts
block: content
grain: [template_id]
reads: [analytics.fct_content_slots, core.templates]
doc: What is known of the templates that were sent in the audited window, of at most 5,000 of the commonest; of a text the first 20,000 characters.
max_rows: 5000
columns:
  - {name: template_id, type: string, doc: "template"}
  - {name: name, type: string, nullable: true, doc: "name"}
  - {name: subject, type: string, nullable: true, doc: "subject line"}
  - {name: text, type: string, nullable: true, doc: "the words of the message, plain or HTML"}
  - {name: content_hash, type: string, nullable: true, doc: "hash of the content"}
  - {name: updated_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "day of the last change, UTC"}
---*/
WITH used AS (
  SELECT CAST(template_id AS VARCHAR) AS template_id, SUM(audited) AS audited FROM analytics.fct_content_slots WHERE template_id IS NOT NULL GROUP BY template_id
),
placed AS (
  SELECT t.template_id, t.name, t.subject, t.text, t.content_hash, t.updated_at, ROW_NUMBER() OVER (ORDER BY u.audited DESC NULLS LAST, u.template_id NULLS LAST) AS n
  FROM core.templates t JOIN used u ON u.template_id = CAST(t.template_id AS VARCHAR)
  WHERE u.audited > 0
)
SELECT CAST(template_id AS VARCHAR) AS template_id, CAST(name AS VARCHAR) AS name, CAST(subject AS VARCHAR) AS subject, x_left(text, 20000) AS text, CAST(content_hash AS VARCHAR) AS content_hash, CAST(x_day(updated_at) AS BIGINT) AS updated_day
FROM placed
WHERE n <= 5000
