/*---
table: segments.red_dwell
grain: [gk, age, bucket]
reads: [core.cfg_audit, segments.fct_members]
doc: >-
  Life table of memberships whose begin is known, as seen in the audited period (who was already a member when it began enters at the age he had then). Ages are
  classes: 1 to 28 single days in the segment, 29 to 76 weeks (to 364 days), from 77 on 28 days each. A membership is at risk in a class when it
  could be watched through all of it.
max_rows: 6000000
columns:
  - {name: gk, type: int64, unit: "1", doc: "segment key"}
  - {name: age, type: int64, unit: "1", doc: "class of age, from 1"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: entered, type: int64, unit: "memberships", doc: "memberships at risk from this class on"}
  - {name: ended, type: int64, unit: "memberships", doc: "of those at risk, memberships that end in it"}
  - {name: lost, type: int64, unit: "memberships", doc: "memberships for which it is the last class watched, and which do not end in it"}
---*/
WITH ages AS (
  SELECT m.gk, m.bucket, GREATEST(m.from_day, a.from_day) - m.entered_day AS age_from, m.to_day - m.entered_day AS age_to, a.to_day - m.entered_day AS age_end
  FROM segments.fct_members m JOIN core.cfg_audit a ON m.to_day > a.from_day
  WHERE m.entered_day IS NOT NULL
),
classes AS (
  SELECT gk, bucket,
    CASE WHEN age_from <= 28 THEN age_from WHEN age_from <= 364 THEN 28 + x_idiv(age_from - 22, 7) ELSE 76 + x_idiv(age_from - 337, 28) END + 1 AS first,
    CASE WHEN age_to <= 28 THEN age_to WHEN age_to <= 364 THEN 28 + x_idiv(age_to - 22, 7) ELSE 76 + x_idiv(age_to - 337, 28) END AS ended,
    CASE WHEN age_end <= 28 THEN age_end WHEN age_end <= 364 THEN 28 + x_idiv(age_end - 22, 7) ELSE 76 + x_idiv(age_end - 337, 28) END - 1 AS last
  FROM ages
),
spells AS (
  SELECT gk, bucket, first, LEAST(ended, last) AS age, CASE WHEN ended <= last THEN 1 ELSE 0 END AS ended, COUNT(*) AS n
  FROM classes
  WHERE first <= ended AND first <= last
  GROUP BY gk, bucket, first, LEAST(ended, last), CASE WHEN ended <= last THEN 1 ELSE 0 END
),
events AS (
  SELECT gk, first AS age, bucket, n AS entered, 0 AS ended, 0 AS lost FROM spells
  UNION ALL
  SELECT gk, age, bucket, 0, CASE WHEN ended = 1 THEN n ELSE 0 END, CASE WHEN ended = 0 THEN n ELSE 0 END FROM spells
)
SELECT CAST(gk AS BIGINT) AS gk, CAST(age AS BIGINT) AS age, CAST(bucket AS BIGINT) AS bucket, CAST(SUM(entered) AS BIGINT) AS entered,
  CAST(SUM(ended) AS BIGINT) AS ended, CAST(SUM(lost) AS BIGINT) AS lost
FROM events
GROUP BY gk, age, bucket
