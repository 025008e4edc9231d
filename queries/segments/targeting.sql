/*---
table: segments.targeting
block: pairs
grain: [experiment_id, partition, outcome]
doc: >-
  What would be gained by giving every segment of a partition the arm that is best for it instead of the one that is best for all, from randomized customers: the arm is chosen on one half of them
  and judged on the other, both ways. Written by segments/pairs.Fit.
columns:
  - {name: experiment_id, type: string, doc: "experiment"}
  - {name: partition, type: string, doc: "its segments, separated by |; customers in none of them are a part of their own"}
  - {name: outcome, type: string, doc: "order (customer with an order within 28 days of the assignment) or revenue (per customer, currency units)"}
  - {name: arms, type: int64, unit: "arms", doc: "arms"}
  - {name: parts, type: int64, unit: "parts", doc: "parts with enough customers in every arm"}
  - {name: customers, type: int64, unit: "customers", doc: "randomized customers in them"}
  - {name: value, type: float64, unit: "1", nullable: true, doc: "gain per customer, honest; 0 in the long run when all segments want the same arm"}
  - {name: lower, type: float64, unit: "1", nullable: true, doc: "lower end of the 95 % interval, for the arms that half of the customers would choose"}
  - {name: upper, type: float64, unit: "1", nullable: true, doc: "upper end of it"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of no gain, one-sided; NULL when the same arm is best in every part of both halves"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over all rows"}
  - {name: plug_in, type: float64, unit: "1", nullable: true, doc: "the same chosen and judged on the same customers: too high, shown to be distrusted"}
  - {name: q, type: float64, unit: "1", nullable: true, doc: "Cochran's Q of the effects (largest arm minus the control, else the second largest) across parts"}
  - {name: q_p, type: float64, unit: "1", nullable: true, doc: "p-value of equal effects in all parts"}
  - {name: i2, type: float64, unit: "share", nullable: true, doc: "I2: share of the spread of the effects that is not chance"}
  - {name: tau2, type: float64, unit: "1", nullable: true, doc: "variance of the true effects between parts (Paule-Mandel)"}
  - {name: verdict, type: string, doc: "gain (the interval lies above 0 and q_value confirms it), no_gain_shown, insufficient_data"}
---*/
