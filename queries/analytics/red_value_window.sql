/*---
table: analytics.red_value_window
block: value
grain: [first_day]
reads: [core.history, core.cfg_audit, core.cfg_lifecycle]
doc: >-
  The windows of the block, one row. Order days count up to the end of the data or of the audit, whichever is first. Where the history is not complete, a customer without an
  order in the first quarter of it (at most 182 days) is taken for a new one. The last third (at most 182 days) is held out to check the forecast.
max_rows: 1
columns:
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "first loaded day"}
  - {name: end_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last one that is known and audited"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first audited day"}
  - {name: known_from_day, type: int64, unit: "days since 1970-01-01", doc: "a first order from this day on is taken for the customer's first"}
  - {name: cut_day, type: int64, unit: "days since 1970-01-01", doc: "first day of the hold-out"}
  - {name: horizon_days, type: int64, unit: "days", doc: "within how many days a repeat counts: 365, 180, 90 or 30, the longest that fits twice into the days loaded"}
  - {name: history_complete, type: bool, unit: "1", doc: "the data reach back to each customer's beginning"}
---*/
WITH bounds AS (
  SELECT h.first_day, GREATEST(LEAST(a.to_day, h.last_day + 1), h.first_day) AS end_day, a.from_day, c.history_complete
  FROM core.history h CROSS JOIN core.cfg_audit a CROSS JOIN core.cfg_lifecycle c
),
spans AS (
  SELECT first_day, end_day, from_day, history_complete, end_day - first_day AS days FROM bounds
)
SELECT first_day, end_day, from_day,
  CASE WHEN history_complete THEN first_day ELSE first_day + LEAST(182, x_idiv(days, 4)) END AS known_from_day,
  end_day - LEAST(182, x_idiv(days, 3)) AS cut_day,
  CASE WHEN days >= 730 THEN 365 WHEN days >= 360 THEN 180 WHEN days >= 180 THEN 90 ELSE 30 END AS horizon_days,
  history_complete
FROM spans
