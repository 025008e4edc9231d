/*---
table: analytics.customer_values
block: value
grain: [customer_id]
reads: [core.customers, analytics.fct_customer_values]
doc: >-
  What every customer with a purchase is expected to buy (BG/NBD and gamma-gamma). A view, computed when it is read. A customer without a repeat purchase counts as alive: the model lets nobody leave before
  his second purchase; look at p_order instead.
view: true
columns:
  - {name: customer_id, type: string, doc: "customer"}
  - {name: frequency, type: int64, unit: "order days", doc: "repeat purchases: days with an order after the first such day"}
  - {name: recency, type: float64, unit: "weeks", doc: "from the first purchase to the last"}
  - {name: age, type: float64, unit: "weeks", doc: "from the first purchase to the last known day"}
  - {name: p_alive, type: float64, unit: "share", nullable: true, doc: "probability of still being a customer; NULL when the model could not be fitted"}
  - {name: expected_orders, type: float64, unit: "order days", nullable: true, doc: "expected purchases within horizon_days"}
  - {name: expected_revenue, type: float64, unit: "currency", nullable: true, doc: "expected revenue within horizon_days; NULL without money"}
  - {name: horizon_days, type: int64, unit: "days", doc: "horizon"}
  - {name: order_value, type: float64, unit: "currency", nullable: true, doc: "expected value of a purchase: the customer's own mean, drawn towards that of all"}
  - {name: p_order, type: float64, unit: "share", nullable: true, doc: "probability of a purchase within horizon_days"}
  - {name: history_known, type: bool, unit: "1", doc: "the first purchase is known; false: earlier ones may be missing, and the forecast leans on too young an age"}
  - {name: verdict, type: string, doc: "does the model fit: fits, rough, poor (do not rely on single values) or not_fitted"}
---*/
SELECT CAST(c.customer_id AS VARCHAR) AS customer_id, v.repeats AS frequency, x_ratio(v.recency_days, 7) AS recency, x_ratio(v.age_days, 7) AS age, v.p_alive,
  v.expected_orders, v.expected_orders * v.order_value AS expected_revenue, v.horizon_days, v.order_value, v.p_order, v.known AS history_known, v.verdict
FROM analytics.fct_customer_values v JOIN core.customers c ON c.ck = v.ck
