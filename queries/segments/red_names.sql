/*---
table: segments.red_names
grain: [gk]
reads: [core.cfg_segments, segments.fct_segments]
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
---*/
SELECT CAST(s.gk AS BIGINT) AS gk, s.segment_id, COALESCE(CAST(c.name AS VARCHAR), '') AS name, s.position, s.has_rule, s.memberships, s.begun, s.ended
FROM segments.fct_segments s LEFT JOIN core.cfg_segments c ON c.segment_id = s.segment_id
