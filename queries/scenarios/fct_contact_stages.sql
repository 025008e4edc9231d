/*---
table: scenarios.fct_contact_stages
block: contact
grain: [ck, from_day]
reads: [core.customers, scenarios.fct_stage_days, scenarios.fct_window]
doc: >-
  scenarios.fct_stage_days cut to the audited window, with the days before the first known stage filled in as stage 0, so that every customer has exactly one stage on every day of the
  audited window.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: st, type: int64, unit: "1", doc: "stage key, scenarios.fct_stages.st; 0 where no stage is known"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first day"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last"}
---*/
WITH known AS (
  SELECT ck, MIN(from_day) AS from_day FROM scenarios.fct_stage_days GROUP BY ck
),
spans AS (
  SELECT s.ck, s.bucket, s.st, GREATEST(s.from_day, w.from_day) AS from_day, LEAST(s.to_day, w.to_day) AS to_day
  FROM scenarios.fct_stage_days s CROSS JOIN scenarios.fct_window w
  WHERE s.to_day > w.from_day AND s.from_day < w.to_day
  UNION ALL
  SELECT c.ck, c.bucket, 0, w.from_day, LEAST(COALESCE(e.from_day, w.to_day), w.to_day)
  FROM core.customers c
  CROSS JOIN scenarios.fct_window w
  LEFT JOIN known e ON e.ck = c.ck
  WHERE e.from_day IS NULL OR e.from_day > w.from_day
)
SELECT ck, CAST(bucket AS INTEGER) AS bucket, CAST(st AS INTEGER) AS st, CAST(from_day AS INTEGER) AS from_day, CAST(to_day AS INTEGER) AS to_day
FROM spans
WHERE from_day < to_day
