/*---
table: analytics.red_backlog_gaps
block: backlog
grain: [days]
reads: [analytics.red_gap_curve]
doc: Completed pauses between order days by length; every customer counts once. A test of orders has to last one usual pause.
max_rows: 2000
columns:
  - {name: days, type: int64, unit: days, doc: "length, at most 1999"}
  - {name: weight, type: int64, unit: "1/720720", doc: "customers' parts"}
---*/
SELECT days, CAST(SUM(weight) AS BIGINT) AS weight FROM analytics.red_gap_curve WHERE weight > 0 GROUP BY days
