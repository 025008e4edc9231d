/*---
table: analytics.value_model
block: value
grain: [model, parameter]
doc: >-
  Parameters of the BG/NBD model (how often and how long customers buy: r, alpha, a, b) and of the gamma-gamma model (what a purchase is worth: p, q, v, the last in currency units), by maximum likelihood. Where the data
  do not tell parameters apart (nobody leaves, or all alike), the likelihood is flat along them: then those nearest to ordinary ones are given, without a standard error, and forecasts stand. No rows of a model that could not
  be fitted. Written by value.Fit.
columns:
  - {name: model, type: string, doc: "bg_nbd or gamma_gamma"}
  - {name: parameter, type: string, doc: "bg_nbd: r, alpha, a, b; gamma_gamma: p, q, v"}
  - {name: value, type: float64, unit: "1", doc: "estimate; alpha in time_unit, v in currency"}
  - {name: std_error, type: float64, unit: "1", nullable: true, doc: "from the inverse of the information matrix; NULL when the data do not tell the parameter"}
  - {name: log_likelihood, type: float64, unit: "nats", doc: "of the whole model at the estimate"}
  - {name: time_unit, type: string, doc: "week: t_x and T are days divided by 7"}
  - {name: customers, type: int64, unit: "customers", doc: "customers that the model was fitted on"}
  - {name: verdict, type: string, doc: "fits, rough or poor: of the hold-out and the repeat counts (analytics.value_checks); gamma_gamma: fits, correlated (value and number of purchases go together, which the model denies) or undecided"}
---*/
