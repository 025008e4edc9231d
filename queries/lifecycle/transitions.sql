/*---
table: lifecycle.transitions
grain: [grouping, group_value, from_stage, to_stage]
doc: >-
  Probability of being in to_stage one period after being in from_stage, over all customers (grouping all) and within groups of customers;
  every pair of stages that from_stage could take, also those never seen. Customers are the sampling unit. Written by lifecycle.Fit.
columns:
  - {name: grouping, type: string, doc: "all, segment, cohort (month of first sight) or an attribute"}
  - {name: group_value, type: string, doc: "value of the grouping; all for everybody"}
  - {name: from_stage, type: string, doc: "stage at the end of a period"}
  - {name: to_stage, type: string, doc: "stage at the end of the next period"}
  - {name: n, type: int64, unit: "customer-periods", doc: "moves counted"}
  - {name: at_risk, type: int64, unit: "customer-periods", doc: "customer-periods in from_stage that have a next period"}
  - {name: probability, type: float64, unit: "share", nullable: true, doc: "n divided by at_risk; the Dirichlet mean where method says so; NULL when at_risk is 0 and no prior row exists"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval"}
  - {name: n_eff, type: float64, unit: "1", nullable: true, doc: "independent trials that would leave the same doubt; NULL for a structural zero"}
  - {name: method, type: string, doc: "wilson n_eff (share with clustered interval), dirichlet (small group, shrunk to the row of all customers), structural zero (impossible by the rules), none"}
---*/
