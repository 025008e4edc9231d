/*---
table: analytics.value_factors
block: value
grain: [repeats, age_days]
doc: >-
  Expected purchases within the horizon of a customer who is still a customer, by x and T (the part of the BG/NBD forecast that holds a hypergeometric function). Written by value.Fit.
columns:
  - {name: repeats, type: int64, unit: "order days", doc: "x"}
  - {name: age_days, type: int64, unit: "days", doc: "T"}
  - {name: orders, type: float64, unit: "order days", doc: "expected purchases within the horizon, given alive"}
---*/
