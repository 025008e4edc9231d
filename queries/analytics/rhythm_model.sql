/*---
table: analytics.rhythm_model
block: rhythm
grain: [model]
doc: >-
  The model of own rhythms, one row - ln(pause of customer i) = m_i + e, e ~ N(0, within_variance), m_i ~ N(mean_log, between_variance), by maximum likelihood with the open last pause of every customer as "longer than". analytics.rhythms reads it. A customer
  with n pauses is taken as (prior_gaps x mean_log + sum of his logarithms) / (prior_gaps + n). Written by analytics/rhythm.
columns:
  - {name: model, type: string, doc: "lognormal"}
  - {name: status, type: string, doc: "fitted; or why not: no_orders, no_gaps (nobody ordered on two days), few_customers (fewer than 30 with a pause or 10 with two)"}
  - {name: customers, type: int64, unit: "customers", doc: "who ever ordered"}
  - {name: with_gap, type: int64, unit: "customers", doc: "of them with a pause"}
  - {name: with_two_gaps, type: int64, unit: "customers", doc: "of them with two pauses and more: a rhythm of their own"}
  - {name: gaps, type: int64, unit: "gaps", doc: "completed pauses"}
  - {name: mean_log, type: float64, unit: "ln days", nullable: true, doc: "mean of the customers' own mean logarithms"}
  - {name: mean_log_error, type: float64, unit: "ln days", nullable: true, doc: "its standard error, jackknife over 20 parts of the customers"}
  - {name: within_variance, type: float64, unit: "ln days^2", nullable: true, doc: "how irregular the pauses of one customer are"}
  - {name: within_error, type: float64, unit: "ln days^2", nullable: true, doc: "its standard error"}
  - {name: between_variance, type: float64, unit: "ln days^2", nullable: true, doc: "how much customers differ"}
  - {name: between_error, type: float64, unit: "ln days^2", nullable: true, doc: "its standard error"}
  - {name: prior_gaps, type: float64, unit: "gaps", nullable: true, doc: "within_variance / between_variance: as many own pauses weigh as much as all other customers together"}
  - {name: late_share, type: float64, unit: "share", doc: "of pauses are shorter than late_after_days of analytics.rhythms"}
  - {name: log_likelihood, type: float64, unit: "1", nullable: true, doc: "at the maximum, without constants"}
  - {name: grouping, type: string, doc: "groups (analytics.rhythm_groups holds groups that the data show), continuum (no groups: quarters of the customers), few_customers"}
  - {name: note, type: string, doc: "empty, no_variation (pauses of a customer never differ by more than the rounding to days: the least spread is assumed), all_alike (customers do not differ)"}
---*/
