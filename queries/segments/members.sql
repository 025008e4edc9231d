/*---
table: segments.members
grain: [segment_id, period_start]
doc: Members of every segment at the end of every complete period. Facts. Written by segments.Fit; none for segments of which only the current state is known.
columns:
  - {name: segment_id, type: string, doc: "segment"}
  - {name: period_start, type: date, doc: "first day of the period in the business zone"}
  - {name: members, type: int64, unit: "customers", doc: "members on its last day"}
  - {name: share, type: float64, unit: "share", nullable: true, doc: "of all customers known by then"}
  - {name: entered, type: int64, unit: "customers", nullable: true, doc: "members now who were none at the end of the period before; NULL in the first period"}
  - {name: gone, type: int64, unit: "customers", nullable: true, doc: "members at the end of the period before who are none now; NULL in the first period"}
---*/
