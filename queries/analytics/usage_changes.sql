/*---
table: analytics.usage_changes
block: usage
grain: [metric]
doc: >-
  The last 13 weeks of the audited window beside the 13 weeks before and the same weeks a year ago, all by the same rules. Changes are ratios less 1 with 95 % intervals from the jackknife over customers, which hold what customers
  might have done otherwise, not what the company did otherwise: a change before and after is not an effect of anything. seasonal divides the change by the same change a year ago.
  Written by analytics/usage.
columns:
  - {name: metric, type: string, doc: "orders, revenue, buyers (customers with an order), orders_per_customer, revenue_per_customer (of customers known by the end of the span), messages, credited_share (orders within the window of a message)"}
  - {name: last, type: float64, unit: "1, money or share", nullable: true, doc: "last 13 weeks"}
  - {name: before, type: float64, unit: "1, money or share", nullable: true, doc: "13 weeks before; NULL when the data do not reach so far"}
  - {name: year_ago, type: float64, unit: "1, money or share", nullable: true, doc: "the same weeks a year ago"}
  - {name: year_ago_before, type: float64, unit: "1, money or share", nullable: true, doc: "the 13 weeks before those"}
  - {name: change, type: float64, unit: share, nullable: true, doc: "last / before - 1"}
  - {name: change_lower, type: float64, unit: share, nullable: true, doc: "lower end; NULL for what is counted without customers (messages, credited_share)"}
  - {name: change_upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: year_change, type: float64, unit: share, nullable: true, doc: "last / year_ago - 1"}
  - {name: year_lower, type: float64, unit: share, nullable: true, doc: "lower end"}
  - {name: year_upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: seasonal, type: float64, unit: share, nullable: true, doc: "(last / before) / (year_ago / year_ago_before) - 1"}
  - {name: seasonal_lower, type: float64, unit: share, nullable: true, doc: "lower end"}
  - {name: seasonal_upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: customers, type: int64, unit: customers, nullable: true, doc: "customers known by the end of the last 13 weeks: what the intervals rest on; NULL where there are none"}
---*/
