/*---
table: segments.red_names
grain: [gk]
reads: [core.cfg_segments, core.segment_memberships, segments.fct_segments]
doc: Every segment, and what its memberships say of time.
max_rows: 1000000
columns:
  - {name: gk, type: int64, unit: "1", doc: "segment key"}
  - {name: segment_id, type: string, doc: "segment"}
  - {name: name, type: string, doc: "name for people; empty when not given"}
  - {name: position, type: int64, unit: "1", nullable: true, doc: "its place in audit.yaml; NULL when audit.yaml does not define it"}
  - {name: has_rule, type: bool, unit: "1", doc: "audit.yaml gives its own rule (when)"}
  - {name: memberships, type: int64, unit: "rows", doc: "memberships loaded"}
  - {name: begun, type: int64, unit: "rows", doc: "memberships whose begin is given"}
  - {name: ended, type: int64, unit: "rows", doc: "memberships whose end is given"}
  - {name: lists, type: int64, unit: "days", doc: "days of which there is a dated list with members of the segment"}
---*/
WITH days AS (
  SELECT CAST(segment_id AS VARCHAR) AS segment_id, from_day FROM core.segment_memberships WHERE listed IS NOT NULL GROUP BY segment_id, from_day
),
lists AS (
  SELECT segment_id, COUNT(*) AS lists FROM days GROUP BY segment_id
)
SELECT CAST(s.gk AS BIGINT) AS gk, s.segment_id, COALESCE(CAST(c.name AS VARCHAR), '') AS name, s.position, s.has_rule, s.memberships, s.begun, s.ended, COALESCE(l.lists, 0) AS lists
FROM segments.fct_segments s LEFT JOIN core.cfg_segments c ON c.segment_id = s.segment_id LEFT JOIN lists l ON l.segment_id = s.segment_id
