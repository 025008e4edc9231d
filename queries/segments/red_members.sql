/*---
table: segments.red_members
grain: [gk, period]
reads: [core.customers, core.periods, lifecycle.fct_days, lifecycle.fct_panel, segments.fct_stays]
doc: >-
  Events of membership by complete period, and under gk 0 the customers by the period in which they become known. Running sums give the members. Every complete
  period has a row under gk 0.
max_rows: 2000000
columns:
  - {name: gk, type: int64, unit: "1", doc: "segment key; 0 = every customer"}
  - {name: period, type: int64, unit: "1", doc: "number of the period"}
  - {name: period_start, type: date, doc: "first day of the period in the business zone"}
  - {name: entered, type: int64, unit: "customers", doc: "members at its end who were none at the end of the one before; in the first period all members"}
  - {name: gone, type: int64, unit: "customers", doc: "members at its end who are none any more at the end of the next one"}
---*/
WITH events AS (
  SELECT gk, first_period AS period, COUNT(*) AS entered, 0 AS gone FROM segments.fct_stays GROUP BY gk, first_period
  UNION ALL
  SELECT s.gk, s.last_period, 0, COUNT(*)
  FROM segments.fct_stays s JOIN lifecycle.fct_panel p ON s.last_period < p.last_period
  GROUP BY s.gk, s.last_period
  UNION ALL
  SELECT 0, period, 0, 0 FROM core.periods WHERE complete
  UNION ALL
  SELECT 0, GREATEST(COALESCE(d.period, p.first_period), p.first_period), COUNT(*), 0
  FROM core.customers c
  JOIN lifecycle.fct_panel p ON c.first_seen_day < p.end_day
  LEFT JOIN lifecycle.fct_days d ON d.day = c.first_seen_day
  GROUP BY GREATEST(COALESCE(d.period, p.first_period), p.first_period)
)
SELECT CAST(e.gk AS BIGINT) AS gk, CAST(e.period AS BIGINT) AS period, p.period_start, CAST(SUM(e.entered) AS BIGINT) AS entered, CAST(SUM(e.gone) AS BIGINT) AS gone
FROM events e JOIN core.periods p ON p.period = e.period
GROUP BY e.gk, e.period, p.period_start
