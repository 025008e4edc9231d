/*---
table: lifecycle.red_periods
grain: [period]
reads: [core.periods]
doc: The complete periods of the panel.
max_rows: 100000
columns:
  - {name: period, type: int64, unit: "1", doc: "number of the period, 1 = first"}
  - {name: period_start, type: date, doc: "first day of the period in the business zone"}
  - {name: days, type: int64, unit: "days", doc: "length of the period"}
---*/
SELECT CAST(period AS BIGINT) AS period, period_start, CAST(end_day - start_day AS BIGINT) AS days
FROM core.periods
WHERE complete
