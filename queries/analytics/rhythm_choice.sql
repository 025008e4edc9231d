/*---
table: analytics.rhythm_choice
block: rhythm
grain: [components]
doc: How many groups of rhythms the data show. Written by analytics/rhythm.
columns:
  - {name: components, type: int64, unit: "1", doc: "normal components of the mixture"}
  - {name: log_likelihood, type: float64, unit: "1", doc: "at the maximum"}
  - {name: bic, type: float64, unit: "1", doc: "Bayesian information criterion, smaller is better"}
  - {name: heaps, type: int64, unit: "1", doc: "components without a valley between them count as one heap"}
  - {name: stability, type: float64, unit: "1", nullable: true, doc: "adjusted Rand index between the heaps and those of resampled buckets of customers, mean of 50; only for the chosen number with two heaps and more"}
  - {name: chosen, type: bool, unit: "1", doc: "the best BIC"}
  - {name: verdict, type: string, doc: "of the chosen one: groups, one_heap, unstable; else empty"}
---*/
