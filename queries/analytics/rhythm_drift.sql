/*---
table: analytics.rhythm_drift
block: rhythm
grain: [grouping, group_value]
doc: >-
  Whether the pauses of a customer lengthen - of his completed pauses that began 28 days and more after the second order, the later half against the earlier half. Within the customer, so that a change of the mix of customers is no drift; completed pauses only, between two moments that are no orders, whose order is pure chance when the rhythm
  stays, wherever the data begin and end (exchangeable given their number). Long pauses that the end of the data cuts off are missing from both halves alike, so a true drift is larger than shown. A season shows as drift when the data cover
  no whole years. Written by analytics/rhythm.
  One drifting segment shows through every segment that shares members with it, and in all customers. reading says which rows are told - the surest first (declared segments before those that may follow from orders), each further one only when its members outside
  the told segments still change, and more than the rest outside them; all customers when those outside the told segments change too.
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
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over the rows of the segments, and over the others"}
  - {name: verdict, type: string, doc: "different, equivalent, inconclusive or insufficient_data"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "with which a verdict could be expected; NULL when there is one"}
  - {name: by_orders, type: bool, unit: "1", doc: "the segment may follow from orders - half of its members and more joined after their first order, or have left since"}
  - {name: reading, type: string, nullable: true, doc: "of a drift that passes the family - told (a finding); explained (nothing is left of it outside the told segments: the members share it with explained_by, or the difference to the rest is that one's); weaker (not among the ten strongest, not looked at); chosen (by_orders, and the distance to all others is not surely larger than the margin - who is chosen by how he ordered returns to his usual pauses, which looks like drift). NULL of the other rows and of gaps"}
  - {name: explained_by, type: string, nullable: true, doc: "the told segment that explains it: of several the one with the most members of this one"}
  - {name: outside_customers, type: int64, unit: "customers", nullable: true, doc: "members (of all: customers) outside the other told segments; NULL where there was nothing to take out"}
  - {name: outside_ratio, type: float64, unit: "1", nullable: true, doc: "their ratio"}
  - {name: outside_lower, type: float64, unit: "1", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: outside_upper, type: float64, unit: "1", nullable: true, doc: "upper end"}
  - {name: outside_rest_ratio, type: float64, unit: "1", nullable: true, doc: "segments: the ratio of all others outside the told segments"}
  - {name: outside_p_value, type: float64, unit: "1", nullable: true, doc: "as p_value, of these"}
---*/
