/*---
table: analytics.red_rhythm_segments
block: rhythm
grain: [segment_id, bucket]
reads: [analytics.fct_rhythm_customers, core.segment_memberships]
doc: >-
  Pauses of the later half against those of the earlier half by the segments that a customer was in on the day of his second order. Only memberships with a date count, and only those of that day: who is in a segment because of what he ordered later would show a
  drift that is none. Segments with fewer than 100 such customers are not here.
max_rows: 500000
columns:
  - {name: segment_id, type: string, doc: "segment"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "members with two pauses and more that began 28 days and more after the second order"}
  - {name: pairs, type: int64, unit: "1", doc: "pauses in the later half, and in the earlier one"}
  - {name: later_less_earlier, type: int64, unit: "1/4096", doc: "logarithms of the later half minus those of the earlier half"}
  - {name: moved, type: int64, unit: "customers", doc: "members who joined after their first order, or have left since: where they are the half and more, the segment may follow from orders"}
---*/
WITH people AS (
  SELECT ck, bucket, first_day, second_day, pairs, later_less_earlier FROM analytics.fct_rhythm_customers WHERE pairs > 0
),
sums AS (
  SELECT m.segment_id, p.bucket, COUNT(*) AS customers, SUM(p.pairs) AS pairs, SUM(p.later_less_earlier) AS later_less_earlier,
    SUM(CASE WHEN m.valid_to IS NOT NULL AND m.listed IS NULL OR m.from_day > p.first_day THEN 1 ELSE 0 END) AS moved
  FROM core.segment_memberships m JOIN people p ON p.ck = m.ck AND m.from_day <= p.second_day AND m.to_day > p.second_day
  WHERE m.valid_from IS NOT NULL
  GROUP BY m.segment_id, p.bucket
),
sizes AS (
  SELECT segment_id FROM sums GROUP BY segment_id HAVING SUM(customers) >= 100
)
SELECT CAST(s.segment_id AS VARCHAR) AS segment_id, CAST(s.bucket AS BIGINT) AS bucket, s.customers, s.pairs, s.later_less_earlier, s.moved
FROM sums s JOIN sizes z ON z.segment_id = s.segment_id
