/*---
table: analytics.attach_rates
block: bundles
grain: [level, antecedent, consequent]
doc: >-
  How often the one goes with the other in an order, and what is at stake: pairs of analytics.bundles with verdict together in one order. stake is the margin per quarter that one tenth more orders with the consequent among those with the antecedent
  would be worth: not an expected effect. Written by bundles.Fit.
columns:
  - {name: level, type: string, doc: "product or category"}
  - {name: antecedent, type: string, doc: "product_id or category"}
  - {name: consequent, type: string, doc: "product_id or category"}
  - {name: orders, type: float64, unit: "orders per quarter", doc: "with the antecedent, in 91 days, scaled to all customers"}
  - {name: without, type: float64, unit: "orders per quarter", doc: "of them, without the consequent"}
  - {name: attach_rate, type: float64, unit: "share", doc: "of the orders with the antecedent, those with the consequent"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: base_rate, type: float64, unit: "share", doc: "of all orders, those with the consequent"}
  - {name: value, type: float64, unit: "money", nullable: true, doc: "mean value of the consequent in an order that holds it; NULL without money"}
  - {name: margin_value, type: float64, unit: "money", nullable: true, doc: "value x money.margin"}
  - {name: stake, type: float64, unit: "money per quarter", nullable: true, doc: "orders x attach_rate / 10 x margin_value"}
  - {name: stake_lower, type: float64, unit: "money per quarter", nullable: true, doc: "lower end of its 90 % interval"}
  - {name: stake_upper, type: float64, unit: "money per quarter", nullable: true, doc: "upper end of it"}
  - {name: n, type: int64, unit: "orders", doc: "orders with the antecedent that it was measured on"}
---*/
