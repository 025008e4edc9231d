/*---
table: analytics.pipeline_losses
block: pipeline
grain: [reason]
doc: >-
  Reasons of the deals lost in the audited period. Written by pipeline.Fit.
columns:
  - {name: reason, type: string, doc: "reason as written; empty when none is given; (other) beyond the 100 most frequent"}
  - {name: deals, type: int64, unit: "deals", doc: "deals lost"}
  - {name: share, type: float64, unit: "share", nullable: true, doc: "share of lost deals"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of share"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: amount, type: float64, unit: "currency units", nullable: true, doc: "sum of their amounts"}
  - {name: top_stage, type: string, doc: "stage from which most of them were lost"}
  - {name: top_deals, type: int64, unit: "deals", doc: "lost from it"}
---*/
