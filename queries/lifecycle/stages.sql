/*---
table: lifecycle.stages
grain: [position]
doc: >-
  One row per life-cycle stage in the order of the rules, with its size, its chance of an order in the next period and what a customer in it
  is worth. Written by lifecycle.Fit.
columns:
  - {name: stage, type: string, doc: "name of the stage as in audit.yaml, or unassigned"}
  - {name: position, type: int64, unit: "1", doc: "order of the rule, 1 = first to match; stages without a rule (recorded, unassigned) follow"}
  - {name: rule, type: string, doc: "the rule as written; empty for a stage without one"}
  - {name: customers_last, type: int64, unit: "customers", doc: "customers in the stage at the end of the last complete period (a count, not an estimate)"}
  - {name: share_last, type: float64, unit: "share", nullable: true, doc: "customers_last divided by all customers of the panel in that period"}
  - {name: next_order_rate, type: float64, unit: "share", nullable: true, doc: "share of customer-periods in the stage that are followed by a period with an order"}
  - {name: next_order_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of next_order_rate"}
  - {name: next_order_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of next_order_rate"}
  - {name: customers_per_period, type: float64, unit: "customers", nullable: true, doc: "mean customers in the stage at the end of a period"}
  - {name: customers_per_quarter, type: float64, unit: "customers", nullable: true, doc: "customers reachable in a quarter: in the stage at its start or entering it"}
  - {name: leave_rate, type: float64, unit: "share", nullable: true, doc: "share of the stage's customers who are in another stage one period later"}
  - {name: value, type: float64, unit: "money", nullable: true, doc: "discounted margin of all later periods of a customer who enters the stage now, in the unit of value_unit"}
  - {name: value_lower, type: float64, unit: "money", nullable: true, doc: "lower end of the 95 % interval of value"}
  - {name: value_upper, type: float64, unit: "money", nullable: true, doc: "upper end of the 95 % interval of value"}
  - {name: value_unit, type: string, doc: "currency of value, or orders when orders carry no money"}
  - {name: rule_matches, type: int64, unit: "customers", nullable: true, doc: "customers of the last period that the rule itself matches, whatever rules above it take; NULL without rules"}
  - {name: stuck, type: bool, doc: "more than half of the base is here and the median stay is longer than dwell.restricted_to"}
  - {name: scenarios, type: int64, unit: "scenarios", doc: "scenarios that send to the stage or are defined for it"}
  - {name: scenario_ids, type: string, doc: "their ids, comma-separated, sorted"}
  - {name: note, type: string, doc: "what could not be estimated and why; empty when all could"}
  - {name: leave_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of leave_rate"}
  - {name: leave_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of leave_rate"}
  - {name: customers, type: int64, unit: "customers", doc: "customers ever in the stage: n of the intervals; 0 when not known"}
---*/
