/*---
table: segments.fct_members
grain: [gk, ck, from_day]
reads: [core.cfg_audit, core.customers, core.history, core.segment_memberships, segments.fct_segments]
doc: >-
  When a customer was a member of a segment: the union of his memberships, cut to the time in which he is known (from core.customers.first_seen_day), from
  the first loaded day to the last audited one. The spans of one customer and segment neither overlap nor touch; a membership of no day has none. A
  segment's members, where no time is said, are those of the last audited day (current).
columns:
  - {name: gk, type: int64, unit: "1", doc: "segment key, segments.fct_segments.gk"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: entered_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "the begin that the source gives, which may lie before from_day; NULL when it gives none"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first day"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last; core.cfg_audit.to_day for who is a member on the last audited day"}
  - {name: current, type: bool, unit: "1", doc: "a member on the last audited day"}
---*/
WITH spans AS (
  SELECT s.gk, m.ck, c.bucket, CASE WHEN m.valid_from IS NULL THEN -1000000 ELSE m.from_day END AS began, GREATEST(m.from_day, c.first_seen_day, h.first_day) AS from_day, LEAST(m.to_day, a.to_day) AS to_day
  FROM core.segment_memberships m
  JOIN segments.fct_segments s ON s.segment_id = m.segment_id
  JOIN core.customers c ON c.ck = m.ck
  CROSS JOIN core.history h
  CROSS JOIN core.cfg_audit a
  WHERE GREATEST(m.from_day, c.first_seen_day, h.first_day) < LEAST(m.to_day, a.to_day)
),
several AS (
  SELECT ck, gk FROM spans GROUP BY ck, gk HAVING COUNT(*) > 1
),
marked AS (
  SELECT s.gk, s.ck, s.bucket, s.began, s.from_day, s.to_day,
    CASE WHEN MAX(s.to_day) OVER (PARTITION BY s.ck, s.gk ORDER BY s.from_day NULLS LAST, s.to_day NULLS LAST, s.began NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= s.from_day THEN 0 ELSE 1 END AS begins
  FROM spans s JOIN several t ON t.ck = s.ck AND t.gk = s.gk
),
islands AS (
  SELECT gk, ck, bucket, began, from_day, to_day,
    SUM(begins) OVER (PARTITION BY ck, gk ORDER BY from_day NULLS LAST, to_day NULLS LAST, began NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
  FROM marked
),
united AS (
  SELECT s.gk, s.ck, s.bucket, s.began, s.from_day, s.to_day
  FROM spans s LEFT JOIN several t ON t.ck = s.ck AND t.gk = s.gk
  WHERE t.ck IS NULL
  UNION ALL
  SELECT gk, ck, bucket, MIN(began), MIN(from_day), MAX(to_day)
  FROM islands
  GROUP BY gk, ck, bucket, island
)
SELECT u.gk, CAST(u.ck AS INTEGER) AS ck, CAST(u.bucket AS INTEGER) AS bucket, CAST(CASE WHEN u.began > -1000000 THEN u.began END AS INTEGER) AS entered_day,
  CAST(u.from_day AS INTEGER) AS from_day, CAST(u.to_day AS INTEGER) AS to_day, u.to_day = a.to_day AS current
FROM united u CROSS JOIN core.cfg_audit a
