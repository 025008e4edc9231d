/*---
table: segments.contrasts
block: pairs
grain: [segment_a, segment_b, metric]
doc: >-
  Pairs of segments metric by metric: values, difference with interval, margin, proof of equality (two one-sided tests) and of difference (interval wholly outside the margin). Written by
  segments/pairs.Fit.
columns:
  - {name: segment_a, type: string, doc: "segment"}
  - {name: segment_b, type: string, doc: "the other"}
  - {name: metric, type: string, doc: "order_rate (customers with an order in the window), revenue_per_customer, ctr (clicked of delivered), unsubscribe_rate (of delivered), transition_rate (customers in a better stage at the end), response (ctr of one main scenario, response:<scenario>)"}
  - {name: value_a, type: float64, unit: "1", nullable: true, doc: "value on the side of a: a share, or currency units per customer"}
  - {name: value_b, type: float64, unit: "1", nullable: true, doc: "value on the side of b"}
  - {name: difference, type: float64, unit: "1", nullable: true, doc: "a minus b; of revenue_per_customer a / b - 1"}
  - {name: lower, type: float64, unit: "1", nullable: true, doc: "lower end of the 95 % interval of difference"}
  - {name: upper, type: float64, unit: "1", nullable: true, doc: "upper end of it"}
  - {name: margin, type: float64, unit: "1", doc: "smallest difference that matters: decision.equivalence, or that of the segment (margins), of two the narrower; of revenue relative (tested on the logarithm)"}
  - {name: margin_from, type: string, doc: "decision, or the segment whose margin it is"}
  - {name: n_a, type: int64, unit: "1", doc: "customer-windows, or delivered messages, on the side of a"}
  - {name: n_b, type: int64, unit: "1", doc: "on the side of b"}
  - {name: p_equivalence, type: float64, unit: "1", nullable: true, doc: "of a difference of the margin or more; NULL below the floors"}
  - {name: p_difference, type: float64, unit: "1", nullable: true, doc: "of a difference of no more than the margin; NULL below the floors"}
  - {name: q_equivalence, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over all rows"}
  - {name: q_difference, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over all rows"}
  - {name: verdict, type: string, doc: "equivalent, different, inconclusive (both by p-values of this row at .05), insufficient_data"}
  - {name: needed_customers, type: int64, unit: "customers", nullable: true, doc: "customers on the smaller side that would decide"}
  - {name: method, type: string, doc: "jackknife t, jackknife t on log, or exact binomial (rare events: both shares proved below the margin)"}
---*/
