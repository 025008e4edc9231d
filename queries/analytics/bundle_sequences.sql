/*---
table: analytics.bundle_sequences
block: bundles
grain: [level, antecedent, consequent]
doc: >-
  Who buys the one, buys the other next? Every order of the audited window is a beginning: with the antecedent, against without it, by customers of the same stage, number of orders so far, time since the last one and size of this order, none of whom
  had the consequent yet. probability = 1 - Kaplan-Meier (Aalen-Johansen with one cause) of a first order with the consequent within 90 days, in three parts of 30 days; the comparison is weighted to the antecedent's cells. An association of customers
  with customers, not an effect of selling the antecedent. Among the 60 most bought products and 12 categories; of these the pairs that stand out most. Written by bundles.Fit.
columns:
  - {name: level, type: string, doc: "product or category"}
  - {name: antecedent, type: string, doc: "in the order at the beginning"}
  - {name: consequent, type: string, doc: "what is waited for"}
  - {name: orders, type: int64, unit: "orders", doc: "beginnings with the antecedent"}
  - {name: orders_without, type: int64, unit: "orders", doc: "beginnings without it in the same cells"}
  - {name: matched, type: float64, unit: "share", doc: "of the beginnings with the antecedent, those in cells with a comparison; the others are left out"}
  - {name: bought, type: int64, unit: "orders", doc: "beginnings with the antecedent seen to be followed by the consequent within 90 days"}
  - {name: probability, type: float64, unit: "share", nullable: true, doc: "after the antecedent, within 90 days"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: probability_without, type: float64, unit: "share", nullable: true, doc: "after like orders without the antecedent"}
  - {name: without_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval, bucket jackknife"}
  - {name: without_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: difference, type: float64, unit: "share", nullable: true, doc: "probability - probability_without"}
  - {name: difference_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval, bucket jackknife"}
  - {name: difference_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: within_difference, type: float64, unit: "share", nullable: true, doc: "products: the same difference against the other products of the antecedent's category in like orders, each product in an order counted once, that is beyond the customers' taste for the category; NULL without category"}
  - {name: within_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: within_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: within_q, type: float64, unit: "1", nullable: true, doc: "q-value of no such difference, same family"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of no difference, two-sided"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "of the family of all sequences looked at, also those not here (Benjamini and Hochberg)"}
  - {name: by_value, type: float64, unit: "1", nullable: true, doc: "the same by Benjamini and Yekutieli"}
  - {name: shrunk_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the difference drawn to the mean of its level (empirical Bayes): the ranking"}
  - {name: verdict, type: string, doc: "more (follows more often), less, none (a difference of 2 points or more is ruled out), undecided, insufficient_data"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "undecided or insufficient_data: orders with the antecedent with which a verdict could be expected"}
---*/
