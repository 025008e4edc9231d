/*---
table: lifecycle.stage_values
grain: [stage, age]
doc: >-
  Value of a customer by stage and age in the stage: margin of the following period and discounted margin of all later ones, V = (I - gamma
  P)^-1 r on the chain of stage x age. Written by lifecycle.Fit.
columns:
  - {name: stage, type: string, doc: "stage"}
  - {name: age, type: int64, unit: "periods", doc: "age in the stage; the last age stands for all older ones"}
  - {name: customer_periods, type: int64, unit: "customer-periods", doc: "customer-periods with a following period"}
  - {name: reward, type: float64, unit: "money", doc: "margin per customer in the following period"}
  - {name: value, type: float64, unit: "money", doc: "discounted margin of all later periods"}
  - {name: lower, type: float64, unit: "money", nullable: true, doc: "lower end of the 95 % interval of value"}
  - {name: upper, type: float64, unit: "money", nullable: true, doc: "upper end of it"}
  - {name: unit, type: string, doc: "currency, or orders when orders carry no money"}
---*/
