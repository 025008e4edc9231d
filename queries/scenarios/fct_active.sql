/*---
table: scenarios.fct_active
grain: [ck, sk, from_sec]
reads: [scenarios.fct_entries, scenarios.fct_window]
doc: >-
  When a customer was active in a scenario: the union of his treated entries, cut to the loaded history. The spans of one customer and scenario neither
  overlap nor touch; entries of no length and of the control arm have none.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key, scenarios.fct_scenarios.sk"}
  - {name: from_sec, type: int64, unit: "unix seconds", doc: "begin"}
  - {name: to_sec, type: int64, unit: "unix seconds", doc: "end, exclusive"}
---*/
WITH spans AS (
  SELECT e.ck, e.bucket, e.sk, CAST(e.sk AS BIGINT) * 4294967296 AS above, GREATEST(e.entered_sec, w.first_sec) AS from_sec, LEAST(e.exited_sec, w.end_sec) AS to_sec
  FROM scenarios.fct_entries e CROSS JOIN scenarios.fct_window w
  WHERE NOT e.control AND e.entered_sec < e.exited_sec
),
marked AS (
  SELECT ck, bucket, sk, above, from_sec, to_sec, LEAD(above + from_sec) OVER w AS next_sec,
    MAX(above + to_sec) OVER (PARTITION BY ck ORDER BY above + from_sec NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before_sec
  FROM spans
  WHERE from_sec < to_sec
  WINDOW w AS (PARTITION BY ck ORDER BY above + from_sec NULLS LAST)
),
crowded AS (
  SELECT ck, bucket, sk, from_sec, to_sec,
    SUM(CASE WHEN before_sec >= above + from_sec THEN 0 ELSE 1 END) OVER (PARTITION BY ck ORDER BY above + from_sec NULLS LAST) AS island
  FROM marked
  WHERE before_sec >= above + from_sec OR next_sec <= above + to_sec
)
SELECT ck, bucket, sk, from_sec, to_sec
FROM marked
WHERE NOT (COALESCE(before_sec, 0) >= above + from_sec OR COALESCE(next_sec, 9223372036854775807) <= above + to_sec)
UNION ALL
SELECT ck, bucket, sk, MIN(from_sec), MAX(to_sec)
FROM crowded
GROUP BY ck, bucket, sk, island
