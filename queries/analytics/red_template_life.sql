/*---
table: analytics.red_template_life
block: content
grain: [use_slot, slot, st, tenure, exposure, bucket]
reads: [analytics.fct_content_messages, analytics.fct_content_sample, analytics.fct_content_slots, analytics.fct_template_lives]
doc: >-
  Sums for the slope of the response over the life of a template with the mix held fixed: delivered messages of the sample by what exactly was sent, stage, tenure and how often the customer had it before. week counts from the first week of the life.
max_rows: 5000000
columns:
  - {name: use_slot, type: int64, unit: "1", doc: "analytics.fct_template_lives.use_slot"}
  - {name: slot, type: int64, unit: "1", doc: "analytics.fct_content_slots.slot: holds step, variant and level fixed"}
  - {name: st, type: int64, unit: "1", doc: "stage, scenarios.fct_stages.st"}
  - {name: tenure, type: int64, unit: "1", doc: "0..2, analytics.fct_content_messages.tenure"}
  - {name: exposure, type: int64, unit: "1", doc: "0..2, analytics.fct_content_messages.exposure"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "messages", doc: "delivered"}
  - {name: n_week, type: int64, unit: "messages x weeks", doc: "sum of week"}
  - {name: n_week2, type: int64, unit: "messages x weeks^2", doc: "sum of week squared"}
  - {name: opened, type: int64, unit: "messages", doc: "opened, not by a machine"}
  - {name: opened_week, type: int64, unit: "messages x weeks", doc: "sum of week over the opened"}
  - {name: clicked, type: int64, unit: "messages", doc: "clicked, not by a robot"}
  - {name: clicked_week, type: int64, unit: "messages x weeks", doc: "sum of week over the clicked"}
---*/
WITH near AS (
  SELECT l.use_slot, m.slot, m.st, m.tenure, m.exposure, m.bucket, m.week - l.from_week AS week, m.opened, m.clicked
  FROM analytics.fct_content_messages m
  JOIN analytics.fct_content_slots s ON s.slot = m.slot
  JOIN analytics.fct_template_lives l ON l.use_slot = s.use_slot AND m.week >= l.from_week
  JOIN analytics.fct_content_sample p ON m.week < p.weeks
  WHERE m.delivered = 1
)
SELECT CAST(use_slot AS BIGINT) AS use_slot, CAST(slot AS BIGINT) AS slot, CAST(st AS BIGINT) AS st, CAST(tenure AS BIGINT) AS tenure, CAST(exposure AS BIGINT) AS exposure, CAST(bucket AS BIGINT) AS bucket, CAST(COUNT(*) AS BIGINT) AS n,
  CAST(SUM(week) AS BIGINT) AS n_week, CAST(SUM(week * week) AS BIGINT) AS n_week2, CAST(SUM(opened) AS BIGINT) AS opened, CAST(SUM(opened * week) AS BIGINT) AS opened_week, CAST(SUM(clicked) AS BIGINT) AS clicked,
  CAST(SUM(clicked * week) AS BIGINT) AS clicked_week
FROM near
GROUP BY use_slot, slot, st, tenure, exposure, bucket
