/*---
table: analytics.fct_content_sample
block: content
grain: [buckets]
reads: [analytics.fct_content_slots, scenarios.fct_window]
doc: >-
  How many of the 100 customer buckets responses are estimated on, one row: all up to 5 million messages, else as many as hold about that number, but at least 25. What is counted and not estimated (messages of a template, of a
  level) is counted on everybody.
columns:
  - {name: buckets, type: int64, unit: "1", doc: "buckets 0 to buckets - 1"}
  - {name: weeks, type: int64, unit: "1", doc: "weeks of seven days, from the first audited day on, that are over and had seven days more for responses"}
---*/
SELECT CAST(GREATEST(25, LEAST(100, x_idiv(500000000, GREATEST(s.sent, 1)))) AS INTEGER) AS buckets,
  CAST(GREATEST(0, x_idiv(LEAST(w.to_day, w.end_day - 7) - w.from_day, 7)) AS INTEGER) AS weeks
FROM (SELECT COALESCE(SUM(sent), 0) AS sent FROM analytics.fct_content_slots) s CROSS JOIN scenarios.fct_window w
