/*---
table: analytics.red_rhythm_overlaps
block: rhythm
grain: [cell, bucket]
reads: [analytics.fct_rhythm_customers, core.segment_memberships, analytics.rhythm_drift_candidates]
doc: Pauses of the later half against those of the earlier half by the set of candidates that a customer was in on the day of his second order, so that the members of some can be compared without those of others. Everybody with pauses to compare is in one cell.
max_rows: 110000
columns:
  - {name: cell, type: int64, unit: "1", doc: "sum of the bits of the candidates; 0 = in none"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "customers with two pauses and more that began 28 days and more after the second order"}
  - {name: pairs, type: int64, unit: "1", doc: "pauses in the later half, and in the earlier one"}
  - {name: later_less_earlier, type: int64, unit: "1/4096", doc: "logarithms of the later half minus those of the earlier half"}
---*/
WITH people AS (
  SELECT ck, bucket, second_day, pairs, later_less_earlier FROM analytics.fct_rhythm_customers WHERE pairs > 0
),
marks AS (
  SELECT DISTINCT m.ck, d.bit
  FROM core.segment_memberships m JOIN analytics.rhythm_drift_candidates d ON d.segment_id = m.segment_id JOIN people p ON p.ck = m.ck AND m.from_day <= p.second_day AND m.to_day > p.second_day
  WHERE m.valid_from IS NOT NULL
),
cells AS (
  SELECT ck, SUM(bit) AS cell FROM marks GROUP BY ck
)
SELECT CAST(COALESCE(c.cell, 0) AS BIGINT) AS cell, CAST(p.bucket AS BIGINT) AS bucket, COUNT(*) AS customers, SUM(p.pairs) AS pairs, SUM(p.later_less_earlier) AS later_less_earlier
FROM people p LEFT JOIN cells c ON c.ck = p.ck
GROUP BY COALESCE(c.cell, 0), p.bucket
