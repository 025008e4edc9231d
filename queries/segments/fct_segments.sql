/*---
table: segments.fct_segments
grain: [gk]
reads: [core.cfg_segments, core.segment_memberships]
doc: Every segment that is defined or has members, with a small integer key and what its memberships say of time.
columns:
  - {name: gk, type: int64, unit: "1", doc: "segment key: rank of segment_id, dense from 1"}
  - {name: segment_id, type: string, doc: "segment"}
  - {name: position, type: int64, unit: "1", nullable: true, doc: "its place in audit.yaml, 1 = first; NULL when audit.yaml does not define it"}
  - {name: has_rule, type: bool, unit: "1", doc: "audit.yaml gives its own rule (when)"}
  - {name: memberships, type: int64, unit: "rows", doc: "memberships loaded; 0 for a segment that is only defined"}
  - {name: begun, type: int64, unit: "rows", doc: "memberships whose begin is given"}
  - {name: ended, type: int64, unit: "rows", doc: "memberships whose end is given"}
---*/
WITH parts AS (
  SELECT CAST(segment_id AS VARCHAR) AS segment_id, position, CASE WHEN has_rule THEN 1 ELSE 0 END AS has_rule, 0 AS memberships, 0 AS begun, 0 AS ended
  FROM core.cfg_segments
  UNION ALL
  SELECT CAST(segment_id AS VARCHAR), CAST(NULL AS BIGINT), 0, COUNT(*), COUNT(valid_from), COUNT(valid_to)
  FROM core.segment_memberships
  GROUP BY segment_id
),
segments AS (
  SELECT segment_id, MIN(position) AS position, MAX(has_rule) AS has_rule, CAST(SUM(memberships) AS BIGINT) AS memberships, CAST(SUM(begun) AS BIGINT) AS begun,
    CAST(SUM(ended) AS BIGINT) AS ended
  FROM parts
  GROUP BY segment_id
)
SELECT CAST(ROW_NUMBER() OVER (ORDER BY segment_id NULLS LAST) AS INTEGER) AS gk, segment_id, position, has_rule = 1 AS has_rule, memberships, begun, ended
FROM segments
