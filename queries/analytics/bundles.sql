/*---
table: analytics.bundles
block: bundles
grain: [basket, level, antecedent, consequent]
doc: >-
  What is bought together, one row per direction of a pair. lift compares with independence and is confounded by the size of the basket: who buys much buys any two things together. adjusted_lift compares with what baskets of the same
  sizes would hold if they were filled by the products' own frequency alone (fixed margins). It decides: lower, upper, p_value, q_value, by_value, verdict and shrunk_* belong to adjusted_lift, lift_lower and lift_upper to lift.
  The family of q_value is every pair of products or categories of all kinds of baskets that could have been found, not only those here. An association within the basket, not an effect of an offer. Counts are those of the
  customers looked at (analytics.red_basket_totals.every). Written by bundles.Fit.
columns:
  - {name: basket, type: string, doc: "order; quarter = what one customer bought within 91 days (products only)"}
  - {name: level, type: string, doc: "product or category"}
  - {name: antecedent, type: string, doc: "product_id or category"}
  - {name: consequent, type: string, doc: "product_id or category"}
  - {name: support, type: float64, unit: "share", doc: "share of baskets with both"}
  - {name: confidence, type: float64, unit: "share", doc: "share of the baskets with the antecedent that hold the consequent too: the attach rate, with its interval in analytics.attach_rates"}
  - {name: lift, type: float64, unit: "1", doc: "baskets with both over those expected if the two were independent"}
  - {name: lower, type: float64, unit: "1", nullable: true, doc: "lower end of the 95 % interval of adjusted_lift, bucket jackknife on the log; 0 when no basket holds both"}
  - {name: upper, type: float64, unit: "1", nullable: true, doc: "upper end of it"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "of no association at given sizes of baskets, adjusted_lift = 1 (Benjamini and Hochberg)"}
  - {name: adjusted_lift, type: float64, unit: "1", nullable: true, doc: "baskets with both over those expected at fixed sizes of baskets and fixed totals of products"}
  - {name: expected, type: float64, unit: "baskets", nullable: true, doc: "baskets with both expected at fixed sizes and totals"}
  - {name: lift_lower, type: float64, unit: "1", nullable: true, doc: "lower end of the 95 % interval of lift"}
  - {name: lift_upper, type: float64, unit: "1", nullable: true, doc: "upper end of it"}
  - {name: within_category, type: float64, unit: "1", nullable: true, doc: "two products of one category, orders: the same ratio at fixed numbers of products of that category in the order, that is beyond the customers' taste for the category; NULL for others"}
  - {name: within_lower, type: float64, unit: "1", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: within_upper, type: float64, unit: "1", nullable: true, doc: "upper end of it"}
  - {name: within_q, type: float64, unit: "1", nullable: true, doc: "q-value of no association within the category, same family (Benjamini and Hochberg)"}
  - {name: shrunk_lift, type: float64, unit: "1", nullable: true, doc: "adjusted_lift drawn to the mean of its kind (empirical Bayes on the log)"}
  - {name: shrunk_lower, type: float64, unit: "1", nullable: true, doc: "lower end of its robust 95 % interval: the ranking"}
  - {name: place, type: int64, unit: "1", nullable: true, doc: "place by shrunk_lower among pairs of its kind, 1 = the surest bundle; NULL below the floors"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "two-sided; the larger one of jackknife and Poisson (counts divided by the design effect) below 200 baskets"}
  - {name: by_value, type: float64, unit: "1", nullable: true, doc: "the same family by Benjamini and Yekutieli, valid under any dependence of the pairs"}
  - {name: verdict, type: string, doc: "together (q <= .10 and more than the margin), apart, none (a difference that matters is ruled out), undecided, insufficient_data"}
  - {name: n_both, type: int64, unit: "baskets", doc: "with both"}
  - {name: n_antecedent, type: int64, unit: "baskets", doc: "with the antecedent"}
  - {name: n_consequent, type: int64, unit: "baskets", doc: "with the consequent"}
  - {name: baskets, type: int64, unit: "baskets", doc: "all of the kind"}
  - {name: customers, type: int64, unit: "customers", doc: "customers who had both in one basket"}
---*/
