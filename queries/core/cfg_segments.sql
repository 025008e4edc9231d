/*---
table: core.cfg_segments
grain: [segment_id]
doc: "Segment definitions of audit.yaml, in their order."
columns:
  - {name: position, type: int64, unit: "1", doc: "place in the file, 1 = first"}
  - {name: segment_id, type: string, doc: "segment"}
  - {name: name, type: string, doc: "name for people; empty when not given"}
  - {name: has_rule, type: bool, unit: "1", doc: "the file gives the segment's own rule (when)"}
---*/
