/*---
table: analytics.repeat_orders
block: value
grain: [order_number]
doc: >-
  The ladder of repeat purchases: of those who made purchase k, how many make purchase k + 1. Orders of one day are one purchase. Customers whose first purchase may lie before
  the loaded history are not here. Written by value.Fit.
columns:
  - {name: order_number, type: int64, unit: "1", doc: "k, up to 12"}
  - {name: customers, type: int64, unit: "customers", doc: "customers with at least k purchases"}
  - {name: repeated, type: int64, unit: "customers", doc: "of them, with at least k + 1 so far"}
  - {name: raw_share, type: float64, unit: "share", doc: "repeated divided by customers: too low, since recent customers had little time"}
  - {name: probability, type: float64, unit: "share", nullable: true, doc: "makes purchase k + 1 within horizon_days of purchase k; life table, customers who are still waiting count as long as they have waited. NULL when nobody was seen for that long"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of probability, bucket jackknife on log(-log)"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: horizon_days, type: int64, unit: "days", doc: "365, 180, 90 or 30: the longest that fits twice into the days loaded"}
  - {name: median_gap_days, type: float64, unit: "days", nullable: true, doc: "half of the repeats within horizon_days come within so many days (same life table)"}
  - {name: reached_per_quarter, type: float64, unit: "customers", doc: "customers who make purchase k in a quarter of the audited period"}
  - {name: lost_per_quarter, type: float64, unit: "customers", nullable: true, doc: "of them, without purchase k + 1 within horizon_days"}
  - {name: next_value, type: float64, unit: "currency", nullable: true, doc: "revenue per customer in the 91 days from purchase k + 1 on, that purchase included"}
  - {name: next_value_lower, type: float64, unit: "currency", nullable: true, doc: "lower end of its 95 % interval, bucket jackknife"}
  - {name: next_value_upper, type: float64, unit: "currency", nullable: true, doc: "upper end of it"}
  - {name: next_value_customers, type: int64, unit: "customers", doc: "customers behind next_value: those whose purchase k + 1 could be followed for 91 days; 0 where it is not known"}
  - {name: step_value, type: float64, unit: "money", nullable: true, doc: "margin per quarter of 2 percentage points more who make purchase k + 1: reached_per_quarter x 0.02 x next_value x margin. What is at stake, not an expected effect"}
  - {name: stake_lower, type: float64, unit: "money", nullable: true, doc: "lower end of its 90 % interval, bucket jackknife"}
  - {name: stake_upper, type: float64, unit: "money", nullable: true, doc: "upper end of it"}
---*/
