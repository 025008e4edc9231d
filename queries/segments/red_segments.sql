/*---
table: segments.red_segments
grain: [gk, bucket]
reads: [core.cfg_audit, core.customers, lifecycle.fct_grid, lifecycle.fct_panel, lifecycle.fct_stage_runs, segments.fct_members, segments.fct_stays]
doc: >-
  Size and movement of every segment, and under gk 0 of the whole base. A member at the end of a period that has a complete successor is at risk of leaving. Whether
  he is still one is also asked four weeks on (at the end of the next period, where periods are as long), once of all members and once of those whose stage differs at
  the next end; only from where the answer lies within the panel, and outside burn-in.
max_rows: 2000000
columns:
  - {name: gk, type: int64, unit: "1", doc: "segment key; 0 = every customer known by the last audited day"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: members, type: int64, unit: "customers", doc: "members on the last audited day"}
  - {name: begun, type: int64, unit: "customers", doc: "of them, those whose begin is known"}
  - {name: at_risk, type: int64, unit: "customer-periods", doc: "ends of periods, the last left out, with a member"}
  - {name: leaves, type: int64, unit: "customer-periods", doc: "of them, those whose member is none any more one period later"}
  - {name: entries, type: int64, unit: "customers", doc: "runs of membership that began after the first period"}
  - {name: watched, type: int64, unit: "customer-periods", doc: "ends of periods with a member, from which four weeks can be watched"}
  - {name: stayed, type: int64, unit: "customer-periods", doc: "of watched, those whose member has been one at every end until then"}
  - {name: changes, type: int64, unit: "customer-periods", doc: "of watched, those whose member is in another life-cycle stage one period later"}
  - {name: kept, type: int64, unit: "customer-periods", doc: "of changes, those whose member has been one at every end until then"}
---*/
WITH now AS (
  SELECT gk, bucket, COUNT(*) AS members, COUNT(entered_day) AS begun FROM segments.fct_members WHERE current GROUP BY gk, bucket
),
panel AS (
  SELECT p.first_period, p.last_period, CASE WHEN g.end_day - g.start_day < 28 THEN x_idiv(27 + g.end_day - g.start_day, g.end_day - g.start_day) ELSE 1 END AS later
  FROM lifecycle.fct_panel p JOIN lifecycle.fct_grid g ON g.period = p.first_period
),
moves AS (
  SELECT s.gk, s.bucket, SUM(LEAST(s.last_period, p.last_period - 1) - s.first_period + 1) AS at_risk,
    SUM(CASE WHEN s.last_period < p.last_period THEN 1 ELSE 0 END) AS leaves, SUM(CASE WHEN s.first_period > p.first_period THEN 1 ELSE 0 END) AS entries,
    SUM(GREATEST(LEAST(s.last_period, p.last_period - p.later) - s.first_period + 1, 0)) AS watched, SUM(GREATEST(s.last_period - p.later - s.first_period + 1, 0)) AS stayed
  FROM segments.fct_stays s CROSS JOIN panel p
  GROUP BY s.gk, s.bucket
),
changed AS (
  SELECT r.ck, CAST(r.first_period - 1 AS INTEGER) AS period, CAST(r.first_period - 1 + p.later AS INTEGER) AS until
  FROM lifecycle.fct_stage_runs r JOIN panel p ON r.first_period > p.first_period AND r.first_period - 1 + p.later <= p.last_period
  WHERE r.prev_stage IS NOT NULL
),
stages AS (
  SELECT s.gk, s.bucket, COUNT(*) AS changes, SUM(CASE WHEN s.last_period >= c.until THEN 1 ELSE 0 END) AS kept
  FROM segments.fct_stays s JOIN changed c ON c.ck = s.ck
  WHERE s.first_period <= c.period AND s.last_period >= c.period
  GROUP BY s.gk, s.bucket
),
parts AS (
  SELECT gk, bucket, members, begun, 0 AS at_risk, 0 AS leaves, 0 AS entries, 0 AS watched, 0 AS stayed, 0 AS changes, 0 AS kept FROM now
  UNION ALL
  SELECT gk, bucket, 0, 0, at_risk, leaves, entries, watched, stayed, 0, 0 FROM moves
  UNION ALL
  SELECT gk, bucket, 0, 0, 0, 0, 0, 0, 0, changes, kept FROM stages
  UNION ALL
  SELECT 0, c.bucket, COUNT(*), 0, 0, 0, 0, 0, 0, 0, 0
  FROM core.customers c JOIN core.cfg_audit a ON c.first_seen_day < a.to_day
  GROUP BY c.bucket
)
SELECT CAST(gk AS BIGINT) AS gk, CAST(bucket AS BIGINT) AS bucket, CAST(SUM(members) AS BIGINT) AS members, CAST(SUM(begun) AS BIGINT) AS begun,
  CAST(SUM(at_risk) AS BIGINT) AS at_risk, CAST(SUM(leaves) AS BIGINT) AS leaves, CAST(SUM(entries) AS BIGINT) AS entries,
  CAST(SUM(watched) AS BIGINT) AS watched, CAST(SUM(stayed) AS BIGINT) AS stayed, CAST(SUM(changes) AS BIGINT) AS changes, CAST(SUM(kept) AS BIGINT) AS kept
FROM parts
GROUP BY gk, bucket
