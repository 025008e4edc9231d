/*---
table: segments.flows
grain: [from_segment, to_segment]
doc: >-
  Turnover between segments within the audited period: who left one, by what he came into within the same period. Who came into several counts in each, so the shares of one
  segment may add up to more than 1. Facts. Written by segments.Fit.
columns:
  - {name: from_segment, type: string, doc: "segment that was left"}
  - {name: to_segment, type: string, doc: "segment that was entered; empty: none"}
  - {name: moves, type: int64, unit: "customers", doc: "moves; who moves twice counts twice"}
  - {name: share, type: float64, unit: "share", doc: "of all who left from_segment"}
---*/
