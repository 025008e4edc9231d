/*---
table: analytics.rhythm_drift_candidates
block: rhythm
grain: [segment_id]
doc: The segments whose drift passes the family, for analytics.red_rhythm_overlaps - the ten strongest at most. Written by analytics/rhythm.
columns:
  - {name: segment_id, type: string, doc: "segment"}
  - {name: bit, type: int64, unit: "1", doc: "1, 2, 4 and so on in the order in which they are looked at"}
---*/
