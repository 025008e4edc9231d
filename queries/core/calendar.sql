/*---
table: core.calendar
grain: [day]
doc: "Every day of history and of the audited period."
columns:
  - {name: day, type: int64, unit: day, doc: "the day, days since 1970-01-01 in the business zone"}
  - {name: date, type: date, doc: "the day as a date"}
  - {name: period, type: int64, unit: "1", nullable: true, doc: "number of its period; NULL outside the grid"}
  - {name: week_start_day, type: int64, unit: day, doc: "Monday of its week, days since 1970-01-01 in the business zone"}
  - {name: month_start_day, type: int64, unit: day, doc: "first day of its month, days since 1970-01-01 in the business zone"}
  - {name: weekday, type: int64, unit: "1", doc: "1 Monday to 7 Sunday"}
---*/
