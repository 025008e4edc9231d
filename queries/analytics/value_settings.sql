/*---
table: analytics.value_settings
block: value
grain: [horizon_days]
doc: The fitted models in one row, for analytics.customer_values. NULL where a model could not be fitted. Written by value.Fit.
columns:
  - {name: horizon_days, type: int64, unit: "days", doc: "horizon of expected orders and revenue"}
  - {name: r, type: float64, unit: "1", nullable: true, doc: "BG/NBD r"}
  - {name: alpha, type: float64, unit: "weeks", nullable: true, doc: "BG/NBD alpha"}
  - {name: a, type: float64, unit: "1", nullable: true, doc: "BG/NBD a"}
  - {name: b, type: float64, unit: "1", nullable: true, doc: "BG/NBD b"}
  - {name: p, type: float64, unit: "1", nullable: true, doc: "gamma-gamma p; NULL: mean_value is taken for everybody"}
  - {name: q, type: float64, unit: "1", nullable: true, doc: "gamma-gamma q"}
  - {name: v, type: float64, unit: "currency", nullable: true, doc: "gamma-gamma v"}
  - {name: mean_value, type: float64, unit: "currency", nullable: true, doc: "mean value of a repeat purchase; NULL without money"}
  - {name: verdict, type: string, doc: "verdict of the BG/NBD model: fits, rough, poor, or not_fitted"}
---*/
