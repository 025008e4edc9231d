/*---
table: analytics.trend_spikes
block: trends
grain: [metric, subject_type, subject_id, period_start]
doc: Periods far from their neighbours, by 10 % of the rate at least. A spike is a local event, never evidence of a trend. False-discovery rate 10 % over all series and periods. Written by trends.Fit.
columns:
  - {name: metric, type: string, doc: "metric, analytics.trends"}
  - {name: subject_type, type: string, doc: "total, channel_kind or scenario"}
  - {name: subject_id, type: string, doc: "subject"}
  - {name: period_start, type: date, doc: "period"}
  - {name: den, type: int64, unit: "messages", doc: "base"}
  - {name: standardised, type: float64, unit: "share", doc: "rate at the fixed mix"}
  - {name: expected, type: float64, unit: "share", doc: "median of the six periods on each side"}
  - {name: z, type: float64, unit: "1", doc: "distance on the scale of the model in robust standard deviations"}
  - {name: p_value, type: float64, unit: "1", doc: "of so great a distance by chance, tails as heavy as those of all series together"}
  - {name: q_value, type: float64, unit: "1", doc: "of the family of all series and periods (Benjamini and Hochberg)"}
---*/
