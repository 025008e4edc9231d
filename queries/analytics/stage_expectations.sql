/*---
table: analytics.stage_expectations
block: value
grain: [stage]
doc: >-
  What the customers of each life-cycle stage are expected to buy within the horizon, by the value model, at the end of the last complete period. Written by value.Review.
columns:
  - {name: stage, type: string, doc: "stage"}
  - {name: customers, type: int64, unit: "customers", doc: "customers in the stage"}
  - {name: buyers, type: int64, unit: "customers", doc: "of them, with a purchase: the model speaks of these"}
  - {name: p_alive, type: float64, unit: "share", nullable: true, doc: "mean probability that a buyer is still a customer; 1 for each without a repeat purchase, whom the model lets nobody lose"}
  - {name: p_alive_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval over customers, the model taken as known (bucket jackknife)"}
  - {name: p_alive_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: p_order, type: float64, unit: "share", nullable: true, doc: "mean probability that a buyer orders within the horizon"}
  - {name: p_order_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: p_order_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: expected_orders, type: float64, unit: "order days", nullable: true, doc: "expected purchases per buyer within the horizon"}
  - {name: expected_orders_lower, type: float64, unit: "order days", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: expected_orders_upper, type: float64, unit: "order days", nullable: true, doc: "upper end of it"}
  - {name: expected_revenue, type: float64, unit: "currency", nullable: true, doc: "expected revenue per buyer within the horizon; NULL without money"}
  - {name: expected_revenue_lower, type: float64, unit: "currency", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: expected_revenue_upper, type: float64, unit: "currency", nullable: true, doc: "upper end of it"}
  - {name: lost_revenue, type: float64, unit: "currency", nullable: true, doc: "revenue of the whole stage within the horizon that is missing because buyers have left: what would be expected if all were still customers, less what is"}
  - {name: lost_revenue_lower, type: float64, unit: "currency", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: lost_revenue_upper, type: float64, unit: "currency", nullable: true, doc: "upper end of it"}
  - {name: share_of_orders, type: float64, unit: "share", nullable: true, doc: "share of the stage in the expected purchases of all"}
  - {name: horizon_days, type: int64, unit: "days", doc: "horizon"}
  - {name: verdict, type: string, doc: "verdict of the model: fits, rough, poor or not_fitted"}
  - {name: stake, type: float64, unit: "money per quarter", nullable: true, doc: "what it is worth that a step of decision.equivalence.order_rate more of its buyers order once; not an expected effect"}
  - {name: stake_lower, type: float64, unit: "money per quarter", nullable: true, doc: "lower end of its interval at decision.level"}
  - {name: stake_upper, type: float64, unit: "money per quarter", nullable: true, doc: "upper end of it"}
---*/
