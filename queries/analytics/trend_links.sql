/*---
table: analytics.trend_links
block: trends
grain: [link, subject_type, subject_id, metric]
doc: >-
  Two trends at once, by intersection-union tests (p = the greater of the two). engagement_gap: the action falls while clicks do not. unsubscribe_growth: unsubscribes rise while
  opens (clicks where opens are not reliable) are steady. cost_of_total: a scenario rises while the total of its kind falls. Written by trends.Fit.
columns:
  - {name: link, type: string, doc: "engagement_gap, unsubscribe_growth, cost_of_total"}
  - {name: subject_type, type: string, doc: "total, channel_kind or scenario"}
  - {name: subject_id, type: string, doc: "subject"}
  - {name: metric, type: string, doc: "the metric that gets worse, or, for cost_of_total, that of the scenario which rises"}
  - {name: slope, type: float64, unit: "share per month", doc: "its slope"}
  - {name: lower, type: float64, unit: "share per month", doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "share per month", doc: "upper end of the 95 % interval"}
  - {name: other_type, type: string, doc: "subject_type of the other series"}
  - {name: other_id, type: string, doc: "subject_id of the other series"}
  - {name: other_metric, type: string, doc: "the metric that does not, or, for cost_of_total, that of the total which falls"}
  - {name: other_slope, type: float64, unit: "share per month", doc: "its slope"}
  - {name: other_lower, type: float64, unit: "share per month", doc: "lower end of the 95 % interval"}
  - {name: other_upper, type: float64, unit: "share per month", doc: "upper end of the 95 % interval"}
  - {name: other_margin, type: float64, unit: "share per month", doc: "smallest slope of interest of the other series"}
  - {name: p_value, type: float64, unit: "1", doc: "intersection-union: the greater of the two one-sided p-values"}
  - {name: q_value, type: float64, unit: "1", doc: "of the family of this link (Benjamini and Hochberg)"}
  - {name: found, type: bool, unit: "1", doc: "q_value passes decision.fdr"}
---*/
