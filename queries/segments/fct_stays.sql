/*---
table: segments.fct_stays
grain: [gk, ck, first_period]
reads: [lifecycle.fct_days, lifecycle.fct_panel, segments.fct_members]
doc: >-
  Unbroken runs of complete audited periods on whose last day a customer is a member of a segment. Who leaves and comes back within one period has not left.
  The runs of one customer and segment do not touch.
columns:
  - {name: gk, type: int64, unit: "1", doc: "segment key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: first_period, type: int64, unit: "1", doc: "first period; later than the first of lifecycle.fct_panel when he was seen to enter"}
  - {name: last_period, type: int64, unit: "1", doc: "last period; earlier than the last of lifecycle.fct_panel when he was seen to leave"}
---*/
WITH spans AS (
  SELECT m.gk, m.ck, m.bucket, GREATEST(COALESCE(a.period, p.first_period), p.first_period) AS first_period,
    LEAST(COALESCE(z.period - 1, p.last_period), p.last_period) AS last_period
  FROM segments.fct_members m
  JOIN lifecycle.fct_panel p ON m.from_day < p.end_day
  LEFT JOIN lifecycle.fct_days a ON a.day = m.from_day
  LEFT JOIN lifecycle.fct_days z ON z.day = m.to_day
),
runs AS (
  SELECT gk, ck, bucket, first_period, last_period FROM spans WHERE first_period <= last_period
),
several AS (
  SELECT ck, gk FROM runs GROUP BY ck, gk HAVING COUNT(*) > 1
),
marked AS (
  SELECT r.gk, r.ck, r.bucket, r.first_period, r.last_period,
    CASE WHEN MAX(r.last_period) OVER (PARTITION BY r.ck, r.gk ORDER BY r.first_period NULLS LAST, r.last_period NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= r.first_period - 1 THEN 0 ELSE 1 END AS begins
  FROM runs r JOIN several t ON t.ck = r.ck AND t.gk = r.gk
),
islands AS (
  SELECT gk, ck, bucket, first_period, last_period,
    SUM(begins) OVER (PARTITION BY ck, gk ORDER BY first_period NULLS LAST, last_period NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
  FROM marked
)
SELECT r.gk, r.ck, r.bucket, CAST(r.first_period AS INTEGER) AS first_period, CAST(r.last_period AS INTEGER) AS last_period
FROM runs r LEFT JOIN several t ON t.ck = r.ck AND t.gk = r.gk
WHERE t.ck IS NULL
UNION ALL
SELECT gk, ck, bucket, CAST(MIN(first_period) AS INTEGER), CAST(MAX(last_period) AS INTEGER)
FROM islands
GROUP BY gk, ck, bucket, island
