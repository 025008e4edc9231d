/*---
table: analytics.rhythm_drift
block: rhythm
grain: [grouping, group_value]
doc: >-
  Whether the pauses of a customer lengthen - of his completed pauses that began 28 days and more after the second order, the later half against the earlier half. Within the customer, so that a change of the mix of customers is no drift; completed pauses only, between two moments that are no orders, whose order is pure chance when the rhythm
  stays, wherever the data begin and end (exchangeable given their number). Long pauses that the end of the data cuts off are missing from both halves alike, so a true drift is larger than shown. A season shows as drift when the data cover
  no whole years. Written by analytics/rhythm.
columns:
  - {name: grouping, type: string, doc: "all; gaps (customers by their number of pauses); segment (members on the day of their second order, by dated memberships)"}
  - {name: group_value, type: string, doc: "all; customers with up to 4, 5-8, 9+ pauses in all; the segment"}
  - {name: customers, type: int64, unit: "customers", doc: "with two such pauses and more"}
  - {name: pairs, type: int64, unit: "gaps", doc: "pauses in the later half, and as many in the earlier one"}
  - {name: log_change, type: float64, unit: "ln", nullable: true, doc: "mean logarithm of the later half minus that of the earlier half"}
  - {name: std_error, type: float64, unit: "ln", nullable: true, doc: "jackknife over customers"}
  - {name: ratio, type: float64, unit: "1", nullable: true, doc: "later pauses / earlier pauses"}
  - {name: lower, type: float64, unit: "1", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: upper, type: float64, unit: "1", nullable: true, doc: "upper end"}
  - {name: margin, type: float64, unit: "1", doc: "a ratio that surely lies within 1 / (1 + margin) and 1 + margin is equivalent, whatever its p-value"}
  - {name: rest_ratio, type: float64, unit: "1", nullable: true, doc: "segments: the ratio of all other customers"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of no change; of a segment, also of no more change than among all others: the larger of both"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over the rows"}
  - {name: verdict, type: string, doc: "different, equivalent, inconclusive or insufficient_data"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "with which a verdict could be expected; NULL when there is one"}
---*/
