/*---
table: analytics.usage_return
block: usage
grain: [scope, channel, scenario_id]
doc: >-
  What messages cost and what is credited to them, over the complete periods. Facts, and a rule: an order is credited to the last message before it within the window of its channel, so result says what would be earned if all
  credited orders came from the messages. That is not an effect: who gets messages often has one before every order. Where a scenario has a random hold-out, what it brings stands beside it with its interval.
  Written by analytics/usage.
columns:
  - {name: scope, type: string, doc: "all, channel or scenario (all its channels)"}
  - {name: channel, type: string, doc: "channel; empty in the other scopes"}
  - {name: scenario_id, type: string, doc: "scenario; empty in the other scopes, and when not given"}
  - {name: messages, type: int64, unit: messages, doc: "sent"}
  - {name: unit_cost, type: float64, unit: "money per message", nullable: true, doc: "money.message_cost of the channel; NULL when not given"}
  - {name: cost, type: int64, unit: minor, nullable: true, doc: "of the messages; of scope all with usage.fixed_cost_per_month; NULL when the cost of a channel is not known"}
  - {name: orders, type: int64, unit: orders, doc: "credited orders"}
  - {name: order_share, type: float64, unit: share, nullable: true, doc: "of all orders of the complete periods"}
  - {name: share_half, type: float64, unit: share, nullable: true, doc: "the same with half the windows"}
  - {name: share_double, type: float64, unit: share, nullable: true, doc: "the same with double windows"}
  - {name: revenue, type: int64, unit: minor, doc: "their revenue"}
  - {name: margin_money, type: int64, unit: minor, nullable: true, doc: "revenue x money.margin; NULL without a margin"}
  - {name: result, type: int64, unit: minor, nullable: true, doc: "margin_money - cost, if all credited orders came from the messages"}
  - {name: return_share, type: float64, unit: share, nullable: true, doc: "result / cost; NULL without cost"}
  - {name: best_result, type: int64, unit: minor, nullable: true, doc: "the same with double windows"}
  - {name: randomized, type: float64, unit: "money per customer", nullable: true, doc: "order value that the scenario adds per treated customer, by its random hold-out (scenarios.effects, grade A)"}
  - {name: randomized_lower, type: float64, unit: "money per customer", nullable: true, doc: "lower end of its interval"}
  - {name: randomized_upper, type: float64, unit: "money per customer", nullable: true, doc: "upper end"}
  - {name: randomized_customers, type: int64, unit: customers, nullable: true, doc: "treated customers of the comparison"}
  - {name: credited_per_customer, type: float64, unit: "money per customer", nullable: true, doc: "credited revenue of the scenario per treated customer of that comparison: what attribution would have one believe"}
---*/
