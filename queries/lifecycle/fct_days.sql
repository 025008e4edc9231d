/*---
table: lifecycle.fct_days
grain: [day]
reads: [core.calendar, lifecycle.fct_grid]
doc: The period of lifecycle.fct_grid in which a day falls. Days after the last complete period are not here.
columns:
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day in the business zone"}
  - {name: period, type: int64, unit: "1", doc: "period of the grid"}
---*/
SELECT c.day, g.period
FROM core.calendar c JOIN lifecycle.fct_grid g ON c.day >= g.start_day AND c.day < g.end_day
