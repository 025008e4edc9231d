/*---
table: scenarios.fct_strata_spans
block: overlap
grain: [ck, from_sec]
reads: [core.customers, scenarios.fct_left_channels, scenarios.fct_stage_days, scenarios.fct_window]
doc: >-
  The audited time of every customer from his first day on, cut where his stage or the channels that he has left change: what decides which scenarios can reach him. All days
  begin at the hour at which the audited time begins: in the half of the year with the other clock time borders lie one hour off, for all sides alike.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "half of the customer bucket: 0..49"}
  - {name: code, type: int64, unit: "1", doc: "64 x stage key (0 = no stage is known) + mask of scenarios.fct_left_channels (0 = has left no channel)"}
  - {name: from_sec, type: int64, unit: "unix seconds", doc: "begin"}
  - {name: to_sec, type: int64, unit: "unix seconds", doc: "end, exclusive"}
---*/
WITH known AS (
  SELECT ck, MIN(from_day) AS from_day FROM scenarios.fct_stage_days GROUP BY ck
),
spans AS (
  SELECT s.ck, s.bucket, s.st, GREATEST(s.from_day, w.from_day) AS from_day, LEAST(s.to_day, w.to_day) AS to_day
  FROM scenarios.fct_stage_days s CROSS JOIN scenarios.fct_window w
  WHERE s.from_day < w.to_day AND s.to_day > w.from_day
  UNION ALL
  SELECT c.ck, c.bucket, 0, GREATEST(c.first_seen_day, w.from_day), LEAST(COALESCE(k.from_day, w.to_day), w.to_day)
  FROM core.customers c CROSS JOIN scenarios.fct_window w LEFT JOIN known k ON k.ck = c.ck
  WHERE GREATEST(c.first_seen_day, w.from_day) < LEAST(COALESCE(k.from_day, w.to_day), w.to_day)
),
firsts AS (
  SELECT ck, MIN(from_day) AS from_day FROM scenarios.fct_left_channels GROUP BY ck
),
parts AS (
  SELECT s.ck, s.bucket, s.st * 64 AS code, s.from_day, LEAST(s.to_day, COALESCE(f.from_day, 1000000)) AS to_day
  FROM spans s LEFT JOIN firsts f ON f.ck = s.ck
  UNION ALL
  SELECT s.ck, s.bucket, s.st * 64 + o.mask, GREATEST(s.from_day, o.from_day), LEAST(s.to_day, o.to_day)
  FROM spans s JOIN scenarios.fct_left_channels o ON o.ck = s.ck AND o.from_day < s.to_day AND o.to_day > s.from_day
)
SELECT p.ck, CAST(x_idiv(p.bucket, 2) AS INTEGER) AS bucket, CAST(p.code AS INTEGER) AS code,
  CAST(w.from_sec + 86400 * (p.from_day - w.from_day) AS INTEGER) AS from_sec, CAST(LEAST(w.from_sec + 86400 * (p.to_day - w.from_day), w.to_sec) AS INTEGER) AS to_sec
FROM parts p CROSS JOIN scenarios.fct_window w
WHERE p.from_day < p.to_day AND w.from_sec + 86400 * (p.from_day - w.from_day) < w.to_sec
