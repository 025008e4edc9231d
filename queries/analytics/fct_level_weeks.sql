/*---
table: analytics.fct_level_weeks
block: personalization
grain: [place, week]
reads: [analytics.fct_content_messages, analytics.fct_content_sample, analytics.fct_content_slots]
doc: >-
  Weeks in which one step (channel, kind, scenario, step) went out with two or more levels of personalization side by side, each delivered at least ten times to customers of the sample. Of the steps the 60 with most messages in such weeks.
columns:
  - {name: place, type: int64, unit: "1", doc: "analytics.fct_content_slots.place"}
  - {name: week, type: int64, unit: "1", doc: "analytics.fct_content_messages.week"}
---*/
WITH counts AS (
  SELECT m.slot, m.week, COUNT(*) AS n
  FROM analytics.fct_content_messages m JOIN analytics.fct_content_sample p ON m.week < p.weeks
  WHERE m.delivered = 1
  GROUP BY m.slot, m.week
),
levels AS (
  SELECT s.place, c.week, CAST(s.personalization AS VARCHAR) AS level, SUM(c.n) AS n
  FROM counts c JOIN analytics.fct_content_slots s ON s.slot = c.slot
  WHERE s.personalization IS NOT NULL
  GROUP BY s.place, c.week, CAST(s.personalization AS VARCHAR)
),
weeks AS (
  SELECT place, week, SUM(n) AS n FROM levels WHERE n >= 10 GROUP BY place, week HAVING COUNT(*) >= 2
),
places AS (
  SELECT place, ROW_NUMBER() OVER (ORDER BY SUM(n) DESC NULLS LAST, place NULLS LAST) AS nth FROM weeks GROUP BY place
)
SELECT w.place, w.week FROM weeks w JOIN places p ON p.place = w.place AND p.nth <= 60
