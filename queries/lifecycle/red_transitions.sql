/*---
table: lifecycle.red_transitions
grain: [grouping, group_value, from_stage, to_stage, bucket]
reads: [lifecycle.fct_customer_moves, lifecycle.fct_customer_groups, lifecycle.fct_segment_periods, lifecycle.fct_stage_runs]
doc: >-
  Moves from one complete period to the next, summed over periods, overall and by group. Burn-in periods and the last period are not here.
  A customer counts in every segment that he is a member of on the last day of the period from which he moves.
max_rows: 4000000
columns:
  - {name: grouping, type: string, doc: "all, segment, cohort, or an attribute attr_*"}
  - {name: group_value, type: string, doc: "all, the segment, the first day of the cohort's month (before = older than the first loaded day), or the value of the attribute; (none) when there is none"}
  - {name: from_stage, type: string, doc: "stage at the end of a period"}
  - {name: to_stage, type: string, doc: "stage one period later"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "customer-periods", doc: "moves or stays, at least 1"}
---*/
WITH by_segment AS (
  SELECT r.bucket, s.segment_id, r.stage AS from_stage, r.stage AS to_stage,
    LEAST(r.last_period - 1, s.last_period) - GREATEST(r.clean_first, s.first_period) + 1 AS n
  FROM lifecycle.fct_segment_periods s
  JOIN lifecycle.fct_stage_runs r ON r.ck = s.ck AND s.first_period <= r.last_period - 1 AND s.last_period >= r.clean_first
  UNION ALL
  SELECT r.bucket, s.segment_id, r.stage, r.next_stage, 1
  FROM lifecycle.fct_segment_periods s
  JOIN lifecycle.fct_stage_runs r ON r.ck = s.ck AND s.first_period <= r.last_period AND s.last_period >= r.last_period
  WHERE r.next_stage IS NOT NULL AND r.clean_first IS NOT NULL
)
SELECT 'all' AS grouping, 'all' AS group_value, from_stage, to_stage, CAST(bucket AS BIGINT) AS bucket, CAST(SUM(n) AS BIGINT) AS n
FROM lifecycle.fct_customer_moves
GROUP BY from_stage, to_stage, bucket
UNION ALL
SELECT g.grouping_name, g.group_value, m.from_stage, m.to_stage, CAST(m.bucket AS BIGINT), CAST(SUM(m.n) AS BIGINT)
FROM lifecycle.fct_customer_moves m JOIN lifecycle.fct_customer_groups g ON g.ck = m.ck
GROUP BY g.grouping_name, g.group_value, m.from_stage, m.to_stage, m.bucket
UNION ALL
SELECT 'segment', segment_id, from_stage, to_stage, CAST(bucket AS BIGINT), CAST(SUM(n) AS BIGINT)
FROM by_segment
WHERE n > 0
GROUP BY segment_id, from_stage, to_stage, bucket
