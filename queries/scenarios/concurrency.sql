/*---
table: scenarios.concurrency
block: overlap
grain: [level]
doc: How many scenarios customers are in at once (facts of the audited time, calendar campaigns not counted). Written by scenarios/overlap.Fit.
columns:
  - {name: level, type: int64, unit: "scenarios", doc: "scenarios at once; 0 = none"}
  - {name: customer_days, type: float64, unit: "customer-days", doc: "customer time spent in exactly so many"}
  - {name: share, type: float64, unit: "share", nullable: true, doc: "of all customer time"}
  - {name: customers, type: int64, unit: "customers", doc: "customers whose highest number at once it is"}
  - {name: customers_at_least, type: int64, unit: "customers", doc: "customers who were in so many or more at once"}
  - {name: share_at_least, type: float64, unit: "share", nullable: true, doc: "of all customers of the audited time"}
---*/
