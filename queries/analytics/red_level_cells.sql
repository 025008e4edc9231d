/*---
table: analytics.red_level_cells
block: personalization
grain: [slot, stage, tenure, week, bucket]
reads: [analytics.fct_content_messages, analytics.fct_content_slots, analytics.fct_level_weeks, scenarios.fct_stages]
doc: >-
  Delivered messages of the sample in the weeks in which a step went out with two levels side by side, and, as a check, what the same customers did with the messages of all other scenarios, which have nothing to do with the level: those who
  get the one level and those who get the other should do the same with them.
max_rows: 5000000
columns:
  - {name: slot, type: int64, unit: "1", doc: "what was sent, analytics.fct_content_slots.slot"}
  - {name: stage, type: string, doc: "stage in force on the day of the send; empty where none is known"}
  - {name: tenure, type: int64, unit: "1", doc: "0..2, analytics.fct_content_messages.tenure"}
  - {name: week, type: int64, unit: "1", doc: "weeks from the first audited day"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered"}
  - {name: clicked, type: int64, unit: "messages", doc: "clicked, not by a robot"}
  - {name: other_delivered, type: int64, unit: "messages", doc: "for every one of these messages, the messages of other scenarios delivered to the customer in the whole window"}
  - {name: other_clicked, type: int64, unit: "messages", doc: "of them clicked"}
---*/
WITH near AS (
  SELECT m.ck, m.slot, m.st, m.tenure, m.week, m.bucket, s.scenario_id, COUNT(*) AS delivered, SUM(m.clicked) AS clicked
  FROM analytics.fct_content_messages m
  JOIN analytics.fct_content_slots s ON s.slot = m.slot AND s.personalization IS NOT NULL
  JOIN analytics.fct_level_weeks l ON l.place = s.place AND l.week = m.week
  WHERE m.delivered = 1
  GROUP BY m.ck, m.slot, m.st, m.tenure, m.week, m.bucket, s.scenario_id
),
customers AS (
  SELECT ck FROM near GROUP BY ck
),
by_scenario AS (
  SELECT m.ck, s.scenario_id, COUNT(*) AS delivered, SUM(m.clicked) AS clicked
  FROM analytics.fct_content_messages m
  JOIN customers c ON c.ck = m.ck
  JOIN analytics.fct_content_slots s ON s.slot = m.slot
  WHERE m.delivered = 1
  GROUP BY m.ck, s.scenario_id
),
totals AS (
  SELECT ck, SUM(delivered) AS delivered, SUM(clicked) AS clicked FROM by_scenario GROUP BY ck
),
rest AS (
  SELECT n.slot, n.st, n.tenure, n.week, n.bucket, n.delivered, n.clicked, n.delivered * (t.delivered - o.delivered) AS other_delivered, n.delivered * (t.clicked - o.clicked) AS other_clicked
  FROM near n
  JOIN totals t ON t.ck = n.ck
  JOIN by_scenario o ON o.ck = n.ck AND o.scenario_id IS NOT DISTINCT FROM n.scenario_id
)
SELECT CAST(r.slot AS BIGINT) AS slot, COALESCE(t.stage, '') AS stage, CAST(r.tenure AS BIGINT) AS tenure, CAST(r.week AS BIGINT) AS week, CAST(r.bucket AS BIGINT) AS bucket,
  CAST(SUM(r.delivered) AS BIGINT) AS delivered, CAST(SUM(r.clicked) AS BIGINT) AS clicked, CAST(SUM(r.other_delivered) AS BIGINT) AS other_delivered, CAST(SUM(r.other_clicked) AS BIGINT) AS other_clicked
FROM rest r LEFT JOIN scenarios.fct_stages t ON t.st = r.st
GROUP BY r.slot, COALESCE(t.stage, ''), r.tenure, r.week, r.bucket
