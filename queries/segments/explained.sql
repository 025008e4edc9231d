/*---
table: segments.explained
block: pairs
grain: [model, outcome]
doc: >-
  Does the segmentation earn its keep: the share of the behaviour in the windows that membership on the day before each explains, beside a plain recency-frequency-money grid. Fitted on one half of the
  customers, measured on the other, both ways; below 0 it predicts worse than the mean. Written by segments/pairs.Fit.
columns:
  - {name: model, type: string, doc: "segments (all segments, each adding its own), rfm (mean of each of 81 cells), difference (segments minus rfm)"}
  - {name: outcome, type: string, doc: "order (customer with an order in the window) or revenue (per customer)"}
  - {name: explained, type: float64, unit: "share", nullable: true, doc: "share of the variance on customers that the model has not seen"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: in_sample, type: float64, unit: "share", nullable: true, doc: "the same on the customers that it was fitted to: too high"}
  - {name: parameters, type: int64, unit: "1", doc: "numbers fitted"}
  - {name: customers, type: int64, unit: "customers", doc: "customers looked at"}
---*/
