/*---
table: lifecycle.fct_segment_periods
grain: [ck, segment_id, first_period]
reads: [core.segment_memberships, lifecycle.fct_days, lifecycle.fct_panel]
doc: Periods on whose last day a customer is a member of a segment, as runs that do not touch.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: segment_id, type: string, doc: "segment"}
  - {name: first_period, type: int64, unit: "1", doc: "first period"}
  - {name: last_period, type: int64, unit: "1", doc: "last period"}
---*/
WITH borders AS (
  SELECT MIN(d.day) AS first_day, MAX(d.day) AS last_day, MIN(p.first_period) AS first_period, MAX(p.last_period) AS last_period
  FROM lifecycle.fct_days d CROSS JOIN lifecycle.fct_panel p
),
spans AS (
  SELECT m.ck, CAST(m.segment_id AS VARCHAR) AS segment_id,
    GREATEST(COALESCE(a.period, b.first_period), b.first_period) AS first_period,
    LEAST(COALESCE(z.period - 1, b.last_period), b.last_period) AS last_period
  FROM core.segment_memberships m
  CROSS JOIN borders b
  LEFT JOIN lifecycle.fct_days a ON a.day = m.from_day
  LEFT JOIN lifecycle.fct_days z ON z.day = m.to_day
  WHERE m.from_day <= b.last_day AND m.to_day > b.first_day AND m.to_day > m.from_day
),
ordered AS (
  SELECT ck, segment_id, first_period, last_period,
    MAX(last_period) OVER (PARTITION BY ck, segment_id ORDER BY first_period NULLS LAST, last_period NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
  FROM spans
  WHERE first_period <= last_period
),
islands AS (
  SELECT ck, segment_id, first_period, last_period,
    SUM(CASE WHEN before >= first_period - 1 THEN 0 ELSE 1 END) OVER (PARTITION BY ck, segment_id
      ORDER BY first_period NULLS LAST, last_period NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
  FROM ordered
)
SELECT ck, segment_id, MIN(first_period) AS first_period, MAX(last_period) AS last_period
FROM islands
GROUP BY ck, segment_id, island
