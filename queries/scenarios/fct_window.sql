/*---
table: scenarios.fct_window
grain: [first_day]
reads: [core.cfg_audit, core.history]
doc: >-
  The borders of time for all models of scenarios, one row, half-open: loaded history (first, end) and the audited window within it (from, to). Days are
  those of the business zone, seconds their midnights; the ends of the loaded history take the zone's offset at the ends of the audit.
columns:
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "first loaded day"}
  - {name: end_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last loaded one"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first audited day that is loaded"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last audited day that is loaded; from_day when there is none"}
  - {name: first_sec, type: int64, unit: "unix seconds", doc: "begin of first_day"}
  - {name: end_sec, type: int64, unit: "unix seconds", doc: "begin of end_day"}
  - {name: from_sec, type: int64, unit: "unix seconds", doc: "begin of from_day"}
  - {name: to_sec, type: int64, unit: "unix seconds", doc: "begin of to_day"}
---*/
WITH days AS (
  SELECT h.first_day, h.last_day + 1 AS end_day, GREATEST(a.from_day, h.first_day) AS from_day,
    GREATEST(LEAST(a.to_day, h.last_day + 1), GREATEST(a.from_day, h.first_day)) AS to_day,
    a.from_sec - 86400 * a.from_day AS from_shift, a.to_sec - 86400 * a.to_day AS to_shift
  FROM core.cfg_audit a CROSS JOIN core.history h
)
SELECT CAST(first_day AS INTEGER) AS first_day, CAST(end_day AS INTEGER) AS end_day, CAST(from_day AS INTEGER) AS from_day, CAST(to_day AS INTEGER) AS to_day,
  CAST(first_day * 86400 + from_shift AS INTEGER) AS first_sec, CAST(end_day * 86400 + to_shift AS INTEGER) AS end_sec,
  CAST(from_day * 86400 + from_shift AS INTEGER) AS from_sec, CAST(to_day * 86400 + to_shift AS INTEGER) AS to_sec
FROM days
