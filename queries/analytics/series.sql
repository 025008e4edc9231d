/*---
table: analytics.series
block: trends
grain: [metric, subject_type, subject_id, period_start]
doc: The series behind analytics.trends, one row per point, for charts. Points are counts (facts); what is estimated is the trend. Written by trends.Fit.
columns:
  - {name: metric, type: string, doc: "metric, analytics.trends"}
  - {name: subject_type, type: string, doc: "total, channel_kind or scenario"}
  - {name: subject_id, type: string, doc: "subject"}
  - {name: period_start, type: date, doc: "first day"}
  - {name: period_end, type: date, doc: "day after the last"}
  - {name: merged, type: int64, unit: "periods", doc: "periods merged into the point because they were thin; 1 = none"}
  - {name: num, type: int64, unit: "messages", doc: "messages with the event"}
  - {name: den, type: int64, unit: "messages", doc: "base"}
  - {name: rate, type: float64, unit: "share", doc: "num / den"}
  - {name: standardised, type: float64, unit: "share", doc: "rate at the fixed mix; cells with few messages are drawn towards what the others of the period show"}
  - {name: fitted, type: float64, unit: "share", nullable: true, doc: "line of the verdict: the trend, with its season, or the two levels of a shift; NULL where nothing could be fitted"}
  - {name: spike, type: bool, unit: "1", doc: "a spike, analytics.trend_spikes"}
---*/
