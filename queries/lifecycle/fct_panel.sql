/*---
table: lifecycle.fct_panel
grain: [first_period]
reads: [lifecycle.fct_grid]
doc: The borders of the panel, one row; none when no period is complete.
columns:
  - {name: grid_first, type: int64, unit: "1", doc: "first period of lifecycle.fct_grid"}
  - {name: grid_start_day, type: int64, unit: "days since 1970-01-01", doc: "its first day"}
  - {name: end_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last complete period"}
  - {name: first_period, type: int64, unit: "1", doc: "first complete period of the audit"}
  - {name: last_period, type: int64, unit: "1", doc: "last complete period of the audit"}
  - {name: clean_first, type: int64, unit: "1", doc: "first period of the grid that is not burn-in; last_period + 1 when all are"}
---*/
SELECT MIN(period) AS grid_first, MIN(start_day) AS grid_start_day, MAX(end_day) AS end_day,
  MIN(CASE WHEN in_panel THEN period END) AS first_period, MAX(period) AS last_period,
  COALESCE(MIN(CASE WHEN NOT burn_in THEN period END), MAX(period) + 1) AS clean_first
FROM lifecycle.fct_grid
HAVING COUNT(*) > 0
