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
  - {name: lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval of change, by the larger of se_customers and se_weeks; NULL with note few_weeks"}
  - {name: upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: mix, type: float64, unit: share, nullable: true, doc: "change that the mix of scenarios and stages alone makes"}
  - {name: margin, type: float64, unit: share, doc: "smallest change of interest"}
  - {name: p_value, type: float64, unit: "1", doc: "two-sided, of no change at an unchanged mix"}
  - {name: q_value, type: float64, unit: "1", doc: "p_value after Benjamini-Hochberg over all rows"}
  - {name: verdict, type: string, doc: "different, equivalent (surely smaller than margin), inconclusive or insufficient_data"}
  - {name: needed, type: int64, unit: "messages or customer-periods", nullable: true, doc: "how many on the smaller side would decide; NULL when decided, or when no number would do"}
  - {name: se_customers, type: float64, unit: share, nullable: true, doc: "standard error of change by the jackknife over customers of both periods"}
  - {name: se_weeks, type: float64, unit: share, nullable: true, doc: "the same with the weeks of the sends as clusters: what a week does to everybody who gets its mailing; NULL for moves between stages and with a note"}
  - {name: weeks_before, type: int64, unit: weeks, nullable: true, doc: "weeks of the earlier period with such messages; NULL where weeks do not count"}
  - {name: weeks_after, type: int64, unit: weeks, nullable: true, doc: "of the later period"}
  - {name: note, type: string, nullable: true, doc: "few_weeks: one period has less than 4 weeks with such messages, or they weigh as less than 3 equal ones, so no verdict; no_weeks: one audit is of a version that kept no weeks, so the interval knows of customers only"}
---*/
