/*---
table: analytics.metric_periods
block: metrics
grain: [period_start, channel, kind, metric]
doc: The rates of analytics.metric_rates for every complete period by channel and kind, the mix of stages and scenarios as it was. For a trend that is free of changes of the mix see analytics.trends. Written by analytics/metrics.
columns:
  - {name: period_start, type: date, doc: "first day of the period of the send"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, doc: "bulk, trigger or transactional; unknown when not given"}
  - {name: metric, type: string, doc: "delivery_rate, bounce_rate, unsubscribe_rate, complaint_rate, open_rate, click_rate or order_rate, as in analytics.metric_rates"}
  - {name: numerator, type: int64, unit: "messages", doc: "what was counted"}
  - {name: denominator, type: int64, unit: "messages", doc: "of how many messages, old enough ones only"}
  - {name: value, type: float64, unit: share, nullable: true, doc: "numerator / denominator; NULL when no send of the period is old enough or the channel never reports it"}
  - {name: lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: partial, type: bool, unit: "1", doc: "a part of the period's sends is still too young and was left out"}
---*/
