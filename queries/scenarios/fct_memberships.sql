/*---
table: scenarios.fct_memberships
block: overlap
grain: [ck, sk]
reads: [core.customers, scenarios.fct_active, scenarios.fct_campaign_days, scenarios.fct_window]
doc: Who was in which scenario within the audited time (calendar campaigns included), with his first span and his time in it.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: spans, type: int64, unit: "spans", doc: "spans that reach into the audited time"}
  - {name: first_sec, type: int64, unit: "unix seconds", doc: "begin of the first of them"}
  - {name: left_sec, type: int64, unit: "unix seconds", doc: "end of the first of them"}
  - {name: seconds, type: int64, unit: "seconds", doc: "active time within the audited time"}
---*/
WITH spans AS (
  SELECT ck, sk, from_sec, to_sec FROM scenarios.fct_active
  UNION ALL
  SELECT ck, sk, from_sec, to_sec FROM scenarios.fct_campaign_days
),
members AS (
  SELECT a.ck, a.sk, CAST(COUNT(*) AS INTEGER) AS spans, MIN(a.from_sec) AS first_sec, MIN(a.to_sec) AS left_sec,
    CAST(SUM(LEAST(a.to_sec, w.to_sec) - GREATEST(a.from_sec, w.from_sec)) AS INTEGER) AS seconds
  FROM spans a CROSS JOIN scenarios.fct_window w
  WHERE a.from_sec < w.to_sec AND a.to_sec > w.from_sec
  GROUP BY a.ck, a.sk
)
SELECT m.ck, CAST(c.bucket AS INTEGER) AS bucket, m.sk, m.spans, m.first_sec, m.left_sec, m.seconds
FROM members m JOIN core.customers c ON c.ck = m.ck
