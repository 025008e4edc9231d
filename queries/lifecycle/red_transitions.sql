/*---
table: lifecycle.red_transitions
grain: [grouping, group_value, from_stage, to_stage, bucket]
reads: [lifecycle.fct_customer_groups, lifecycle.fct_segment_periods, lifecycle.fct_stage_runs]
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
WITH totals AS (
  SELECT 'all' AS grouping, 'all' AS group_value, stage, next_stage, bucket, SUM(last_period - clean_first) AS stays, COUNT(next_stage) AS moves
  FROM lifecycle.fct_stage_runs
  WHERE clean_first IS NOT NULL
  GROUP BY stage, next_stage, bucket
  UNION ALL
  SELECT g.grouping_name, g.group_value, r.stage, r.next_stage, r.bucket, SUM(r.last_period - r.clean_first), COUNT(r.next_stage)
  FROM lifecycle.fct_stage_runs r JOIN lifecycle.fct_customer_groups g ON g.ck = r.ck
  WHERE r.clean_first IS NOT NULL
  GROUP BY g.grouping_name, g.group_value, r.stage, r.next_stage, r.bucket
  UNION ALL
  SELECT 'segment', s.segment_id, r.stage, r.next_stage, r.bucket,
    SUM(GREATEST(LEAST(r.last_period - 1, s.last_period) - GREATEST(r.clean_first, s.first_period) + 1, 0)),
    SUM(CASE WHEN r.next_stage IS NOT NULL AND s.first_period <= r.last_period AND s.last_period >= r.last_period THEN 1 ELSE 0 END)
  FROM lifecycle.fct_segment_periods s
  JOIN lifecycle.fct_stage_runs r ON r.ck = s.ck AND r.last_period >= s.first_period AND r.clean_first <= s.last_period
  GROUP BY s.segment_id, r.stage, r.next_stage, r.bucket
),
moves AS (
  SELECT grouping, group_value, stage AS from_stage, stage AS to_stage, bucket, stays AS n FROM totals
  UNION ALL
  SELECT grouping, group_value, stage, next_stage, bucket, moves FROM totals
)
SELECT grouping, group_value, from_stage, to_stage, CAST(bucket AS BIGINT) AS bucket, CAST(SUM(n) AS BIGINT) AS n
FROM moves
WHERE n > 0
GROUP BY grouping, group_value, from_stage, to_stage, bucket
