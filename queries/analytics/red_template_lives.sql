/*---
table: analytics.red_template_lives
block: content
grain: [use_slot]
reads: [analytics.fct_template_lives]
doc: analytics.fct_template_lives for Go.
max_rows: 200
columns:
  - {name: use_slot, type: int64, unit: "1", doc: "analytics.fct_content_slots.use_slot"}
  - {name: changed, type: bool, unit: "1", doc: "the template was changed within the window"}
  - {name: older, type: bool, unit: "1", doc: "messages of earlier versions are followed too"}
---*/
SELECT CAST(use_slot AS BIGINT) AS use_slot, changed, older FROM analytics.fct_template_lives
