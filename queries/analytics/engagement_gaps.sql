/*---
table: analytics.engagement_gaps
block: metrics
grain: [channel, kind, scenario_id]
doc: >-
  Scenarios with fewer or more orders than their clicks let expect, compared within channel, kind and stage - the residual of logit(orders per delivered) on logit(clicks per delivered) by medians, shrunk within its kind.
  A description: who was about to order anyway weighs in. Written by analytics/metrics.
columns:
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, doc: "bulk or trigger; unknown when not given"}
  - {name: scenario_id, type: string, doc: "scenario; (none) when the source gives none"}
  - {name: stages, type: int64, unit: "stages", doc: "stages in which it could be compared"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers with a sent message; an extrapolation where customers_estimated"}
  - {name: customers_estimated, type: bool, unit: "1", doc: "customers is no count but ten times the customers of ten of the hundred buckets, right to about a hundredth: more than 2 million messages"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered in these stages and old enough"}
  - {name: clicked, type: int64, unit: "messages", doc: "of them clicked"}
  - {name: ordered, type: int64, unit: "messages", doc: "of them with a credited order"}
  - {name: order_rate, type: float64, unit: share, doc: "ordered / delivered"}
  - {name: expected_rate, type: float64, unit: share, doc: "what the clicks let expect"}
  - {name: residual, type: float64, unit: "log odds", doc: "observed less expected, before shrinking"}
  - {name: std_error, type: float64, unit: "log odds", doc: "jackknife over customers"}
  - {name: spread, type: float64, unit: "log odds", doc: "usual residual of the scenarios compared, as a standard deviation (1.4826 x median absolute residual): a gap counts when it stands out of it"}
  - {name: shrunk, type: float64, unit: "log odds", doc: "after shrinking; with fewer than five scenarios of a kind, the same as residual"}
  - {name: lower, type: float64, unit: "log odds", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: upper, type: float64, unit: "log odds", nullable: true, doc: "upper end"}
  - {name: margin, type: float64, unit: "log odds", doc: "a smaller gap does not matter"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of a gap within the margin, given the usual differences between scenarios"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over all scenarios"}
  - {name: verdict, type: string, doc: "different, equivalent, inconclusive or insufficient_data"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "with which a verdict could be expected; NULL when there is one"}
---*/
