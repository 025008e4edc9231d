/*---
table: scenarios.fct_active
grain: [ck, sk, from_sec]
reads: [scenarios.fct_entries, scenarios.fct_scenarios, scenarios.fct_window]
doc: >-
  When a customer was active in a chain: the union of his treated entries, cut to the loaded history. The spans of one customer and scenario neither overlap nor
  touch; entries of no length and of the control arm have none. Calendar campaigns: scenarios.fct_campaign_days.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key, scenarios.fct_scenarios.sk"}
  - {name: from_sec, type: int64, unit: "unix seconds", doc: "begin"}
  - {name: to_sec, type: int64, unit: "unix seconds", doc: "end, exclusive"}
---*/
WITH spans AS (
  SELECT e.ck, e.bucket, e.sk, CAST(e.sk AS BIGINT) * 4294967296 AS above, GREATEST(e.entered_sec, w.first_sec) AS from_sec, LEAST(e.exited_sec, w.end_sec) AS to_sec
  FROM scenarios.fct_entries e
  JOIN scenarios.fct_scenarios s ON s.sk = e.sk AND NOT s.bulk
  CROSS JOIN scenarios.fct_window w
  WHERE NOT e.control AND e.entered_sec < e.exited_sec AND GREATEST(e.entered_sec, w.first_sec) < LEAST(e.exited_sec, w.end_sec)
),
followed AS (
  SELECT ck, sk, above + to_sec AS until, LEAD(x_nul(above + from_sec)) OVER (PARTITION BY ck ORDER BY above + from_sec NULLS LAST) AS next_sec
  FROM spans
),
touching AS (
  SELECT ck, sk FROM followed WHERE next_sec <= until GROUP BY ck, sk
),
marked AS (
  SELECT s.ck, s.bucket, s.sk, s.from_sec, s.to_sec,
    CASE WHEN MAX(s.to_sec) OVER (PARTITION BY s.ck, s.sk ORDER BY s.from_sec NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= s.from_sec THEN 0 ELSE 1 END AS begins
  FROM spans s JOIN touching t ON t.ck = s.ck AND t.sk = s.sk
),
islands AS (
  SELECT ck, bucket, sk, from_sec, to_sec, SUM(begins) OVER (PARTITION BY ck, sk ORDER BY from_sec NULLS LAST) AS island
  FROM marked
)
SELECT s.ck, s.bucket, s.sk, s.from_sec, s.to_sec
FROM spans s LEFT JOIN touching t ON t.ck = s.ck AND t.sk = s.sk
WHERE t.ck IS NULL
UNION ALL
SELECT ck, bucket, sk, MIN(from_sec), MAX(to_sec)
FROM islands
GROUP BY ck, bucket, sk, island
