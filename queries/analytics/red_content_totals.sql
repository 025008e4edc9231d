/*---
table: analytics.red_content_totals
block: content
grain: [from_day]
reads: [analytics.fct_content_sample, analytics.fct_content_slots, core.templates, scenarios.fct_window]
doc: What templates and their messages there are, one row.
max_rows: 1
columns:
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first audited day"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last audited one"}
  - {name: end_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last loaded one"}
  - {name: buckets, type: int64, unit: "1", doc: "customer buckets that responses are estimated on"}
  - {name: weeks, type: int64, unit: "1", doc: "whole weeks of the window"}
  - {name: messages, type: int64, unit: "messages", doc: "sent in the audited window"}
  - {name: with_template, type: int64, unit: "messages", doc: "of them with a template"}
  - {name: templates, type: int64, unit: "templates", doc: "different templates of them"}
  - {name: listed, type: int64, unit: "templates", doc: "templates in core.templates"}
  - {name: dated, type: int64, unit: "templates", doc: "of them with a day of their last change"}
---*/
SELECT CAST(w.from_day AS BIGINT) AS from_day, CAST(w.to_day AS BIGINT) AS to_day, CAST(w.end_day AS BIGINT) AS end_day, CAST(p.buckets AS BIGINT) AS buckets, CAST(p.weeks AS BIGINT) AS weeks,
  CAST(s.messages AS BIGINT) AS messages, CAST(s.with_template AS BIGINT) AS with_template, CAST(s.templates AS BIGINT) AS templates, CAST(t.listed AS BIGINT) AS listed, CAST(t.dated AS BIGINT) AS dated
FROM scenarios.fct_window w
CROSS JOIN analytics.fct_content_sample p
CROSS JOIN (SELECT COALESCE(SUM(audited), 0) AS messages, COALESCE(SUM(CASE WHEN tk > 0 THEN audited ELSE 0 END), 0) AS with_template, COUNT(DISTINCT CASE WHEN tk > 0 AND audited > 0 THEN tk END) AS templates FROM analytics.fct_content_slots) s
CROSS JOIN (SELECT COUNT(*) AS listed, COUNT(updated_at) AS dated FROM core.templates) t
