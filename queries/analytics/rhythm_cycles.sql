/*---
table: analytics.rhythm_cycles
block: rhythm
grain: [cycle]
doc: >-
  Whether orders prefer a part of the week, the day or the month - the Rayleigh test on the angle of every order day, with the doubt from customers (jackknife over buckets), not from orders. It sees one preferred time, not two opposite ones. And whether a customer
  keeps to a weekday and an hour of his own. Written by analytics/rhythm.
columns:
  - {name: cycle, type: string, doc: "week, day or month"}
  - {name: status, type: string, doc: "measured; or no_time (the source gives days without time), short (no whole month of data), no_orders"}
  - {name: orders, type: int64, unit: "order days", doc: "order days"}
  - {name: customers, type: int64, unit: "customers", doc: "customers who ever ordered"}
  - {name: strength, type: float64, unit: "1", nullable: true, doc: "mean resultant length: 0 = spread evenly, 1 = all at one time"}
  - {name: lower, type: float64, unit: "1", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: upper, type: float64, unit: "1", nullable: true, doc: "upper end"}
  - {name: direction, type: float64, unit: "weekday, hour or day of the month", nullable: true, doc: "preferred time: 1 = Monday noon; 14.5 = half past two; 15 = noon of the fifteenth of a month of 30 days"}
  - {name: rayleigh_z, type: float64, unit: "1", nullable: true, doc: "n x strength^2, as if all orders were independent"}
  - {name: rayleigh_p, type: float64, unit: "1", nullable: true, doc: "its p-value, for comparison"}
  - {name: statistic, type: float64, unit: "1", nullable: true, doc: "F of Hotelling's test that both components are 0, over buckets of customers"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "its p-value"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over the cycles"}
  - {name: margin, type: float64, unit: "1", doc: "a smaller strength does not matter"}
  - {name: verdict, type: string, doc: "different (a preferred time that matters), equivalent (none that matters), inconclusive, insufficient_data"}
  - {name: top, type: int64, unit: "1", nullable: true, doc: "weekday 1..7, hour 0..23 or day of the month with the most orders"}
  - {name: top_share, type: float64, unit: "share", nullable: true, doc: "its share of all (a fact)"}
  - {name: even_share, type: float64, unit: "share", nullable: true, doc: "what it would have if all were alike"}
  - {name: own_same, type: float64, unit: "share", nullable: true, doc: "of pairs of order days of one customer, on the same weekday or in the same hour; every customer counts once"}
  - {name: own_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: own_upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: own_expected, type: float64, unit: "share", nullable: true, doc: "the same of pairs of different customers"}
  - {name: own_customers, type: int64, unit: "customers", nullable: true, doc: "customers with two order days and more"}
---*/
