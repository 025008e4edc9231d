/*---
table: analytics.compared_metrics
grain: [metric, subject_type, subject]
doc: "Change of the key rates between two audited periods that do not overlap: messages by channel and kind at an unchanged mix of scenarios and stages, and the moves between stages. Before and after, not an effect."
columns:
  - {name: metric, type: string, doc: "delivery_rate, bounce_rate, open_rate, click_rate, unsubscribe_rate, complaint_rate, order_rate or transition_rate"}
  - {name: subject_type, type: string, doc: "channel_kind or transition"}
  - {name: subject, type: string, doc: "channel:kind, or from->to"}
  - {name: value_before, type: float64, unit: share, doc: "rate of the earlier period"}
  - {name: n_before, type: int64, unit: "messages or customer-periods", doc: "its denominator"}
  - {name: value_after, type: float64, unit: share, doc: "rate of the later period"}
  - {name: n_after, type: int64, unit: "messages or customer-periods", doc: "its denominator"}
  - {name: change, type: float64, unit: share, nullable: true, doc: "change at an unchanged mix (the rate part of Kitagawa's split); with mix it adds up to value_after - value_before"}
  - {name: lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval of change, by the jackknife over customers of both periods"}
  - {name: upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: mix, type: float64, unit: share, nullable: true, doc: "change that the mix of scenarios and stages alone makes"}
  - {name: margin, type: float64, unit: share, doc: "smallest change of interest"}
  - {name: p_value, type: float64, unit: "1", doc: "two-sided, of no change at an unchanged mix"}
  - {name: q_value, type: float64, unit: "1", doc: "p_value after Benjamini-Hochberg over all rows"}
  - {name: verdict, type: string, doc: "different, equivalent (surely smaller than margin), inconclusive or insufficient_data"}
  - {name: needed, type: int64, unit: "messages or customer-periods", nullable: true, doc: "how many on the smaller side would decide; NULL when decided, or when no number would do"}
---*/
