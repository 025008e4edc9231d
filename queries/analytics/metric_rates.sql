/*---
table: analytics.metric_rates
block: metrics
grain: [scope, channel, kind, scenario_id, stage, metric]
doc: >-
  The three layers of every kind of message over all complete periods - access, engagement, action - each rate with its interval from the jackknife over customers. Never pooled over kinds or channels. Responses
  and orders only of sends that are old enough for them, goals per delivered message, not per click: those who click are a selected group. Action describes what followed, it does not say what the messages caused.
  Written by analytics/metrics.
columns:
  - {name: scope, type: string, doc: "family (a channel and kind), scenario (of them) or stage (of that scenario)"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, doc: "bulk, trigger or transactional; unknown when not given"}
  - {name: scenario_id, type: string, doc: "scenario; all in scope family; (none) when the source gives none"}
  - {name: stage, type: string, doc: "stage on the day of the send; all in the other scopes; unknown when there is none"}
  - {name: layer, type: string, doc: "access, engagement or action"}
  - {name: metric, type: string, doc: "delivery_rate, bounce_rate (of sent); unsubscribe_rate, complaint_rate, open_rate, machine_open_rate, click_rate, bot_click_rate (of delivered and old enough); order_rate (delivered messages with a credited order), revenue_per_message (credited revenue per delivered message); moved_up_rate, moved_down_rate (of delivered, by the stage at the end of the period)"}
  - {name: numerator, type: int64, unit: "messages, or minor for revenue", doc: "what was counted"}
  - {name: denominator, type: int64, unit: "messages", doc: "of how many messages"}
  - {name: value, type: float64, unit: "share, or currency for revenue", nullable: true, doc: "numerator / denominator; NULL when there is nothing to divide by or nothing is reported (note)"}
  - {name: lower, type: float64, unit: "as value", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "as value", nullable: true, doc: "upper end"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers with a sent message; an extrapolation where customers_estimated"}
  - {name: customers_estimated, type: bool, unit: "1", doc: "customers is no count but ten times the customers of ten of the hundred buckets, right to about a hundredth: more than 2 million messages"}
  - {name: note, type: string, doc: "not_reported (the channel never says so), not_credited (such messages are not credited with orders), too_young (no send is old enough), no_messages, all_zero (nothing happened: the upper end says how rare it may be), all_one, unreliable (opens of this channel are mostly machines), few_customers (below decision.min_customers); empty when nothing is to be said"}
---*/
