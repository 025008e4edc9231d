/*---
table: analytics.channel_reliability
block: metrics
grain: [channel]
doc: >-
  Whether opens of a channel can be believed. Proxies open messages for their owners: named by the source, or seen by opens within 5 seconds of the delivery. Where they dominate, the rate of opens says how many
  customers use such a mail program, and clicks are the measure. Written by analytics/metrics.
columns:
  - {name: channel, type: string, doc: "channel"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered in the complete periods and old enough for responses"}
  - {name: opens, type: int64, unit: "messages", doc: "of them opened by anyone or anything"}
  - {name: machine_opens, type: int64, unit: "messages", doc: "of these by machines that the source names"}
  - {name: fast_opens, type: int64, unit: "messages", doc: "of the others, within 5 seconds of the delivery"}
  - {name: proxy_share, type: float64, unit: share, nullable: true, doc: "(machine_opens + fast_opens) / opens"}
  - {name: lower, type: float64, unit: share, nullable: true, doc: "lower end of its 95 % interval (jackknife over customers)"}
  - {name: upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: threshold, type: float64, unit: share, doc: "above it proxies dominate"}
  - {name: verdict, type: string, doc: "reliable (interval below the threshold), unreliable (above), undecided, not_reported (the channel never reports opens), few_opens (fewer than 30 opens)"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers with a sent message of the channel; an extrapolation where customers_estimated"}
  - {name: customers_estimated, type: bool, unit: "1", doc: "customers is no count but ten times the customers of ten of the hundred buckets, right to about a hundredth: more than 2 million messages"}
  - {name: clicks, type: int64, unit: "messages", doc: "clicked, not by named robots"}
  - {name: bot_clicks, type: int64, unit: "messages", doc: "clicked by named robots"}
  - {name: delivery, type: string, doc: "stamped (times of delivery), partly (fewer than half of what did not bounce has one) or derived (none: sent and not bounced)"}
  - {name: response_days, type: int64, unit: "days", doc: "95 of 100 opens and clicks come within so many days; younger sends are left out of rates"}
  - {name: response_days_measured, type: bool, unit: "1", doc: "from the data; else a default"}
  - {name: window_days, type: float64, unit: "days", doc: "attribution window"}
---*/
