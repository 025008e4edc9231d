/*---
table: analytics.fct_customer_values
block: value
grain: [ck]
reads: [analytics.fct_value_customers, analytics.red_value_window, analytics.value_settings, analytics.value_factors]
doc: analytics.customer_values by customer key, with what goes into it. A view, computed when it is read.
view: true
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: known, type: bool, unit: "1", doc: "the first purchase is known"}
  - {name: repeats, type: int64, unit: "order days", doc: "x"}
  - {name: recency_days, type: int64, unit: "days", doc: "t_x"}
  - {name: age_days, type: int64, unit: "days", doc: "T"}
  - {name: p_alive, type: float64, unit: "share", nullable: true, doc: "probability of still being a customer"}
  - {name: p_order, type: float64, unit: "share", nullable: true, doc: "probability of a purchase within the horizon"}
  - {name: expected_orders, type: float64, unit: "order days", nullable: true, doc: "expected purchases within the horizon"}
  - {name: active_orders, type: float64, unit: "order days", nullable: true, doc: "the same, given that the customer is still one"}
  - {name: order_value, type: float64, unit: "currency", nullable: true, doc: "expected value of a purchase"}
  - {name: horizon_days, type: int64, unit: "days", doc: "horizon"}
  - {name: verdict, type: string, doc: "verdict of the model"}
---*/
WITH alive AS (
  SELECT c.ck, c.bucket, c.known, c.orders - 1 AS repeats, c.last_day - c.first_day AS recency_days, b.end_day - 1 - c.first_day AS age_days, c.paid, c.paid_minor,
    CASE WHEN s.r IS NULL THEN NULL WHEN c.orders = 1 THEN 1.0E0 ELSE
      x_ratio(1, 1 + x_ratio(s.a, s.b + c.orders - 2)
        * EXP(LEAST((s.r + c.orders - 1) * LN(x_ratio(7 * s.alpha + b.end_day - 1 - c.first_day, 7 * s.alpha + c.last_day - c.first_day)), 700))) END AS p_alive,
    s.r, s.alpha, s.p, s.q, s.v, s.mean_value, s.horizon_days, s.verdict
  FROM analytics.fct_value_customers c CROSS JOIN analytics.red_value_window b CROSS JOIN analytics.value_settings s
)
SELECT x.ck, x.bucket, x.known, x.repeats, x.recency_days, x.age_days, x.p_alive,
  x.p_alive * (1 - EXP((x.r + x.repeats) * (LN(7 * x.alpha + x.age_days) - LN(7 * x.alpha + x.age_days + x.horizon_days)))) AS p_order, x.p_alive * f.orders AS expected_orders, f.orders AS active_orders,
  CASE WHEN x.p IS NULL THEN x.mean_value ELSE x_ratio(x.p * (x.v + x_ratio(x.paid_minor, 100)), x.p * x.paid + x.q - 1) END AS order_value,
  x.horizon_days, x.verdict
FROM alive x LEFT JOIN analytics.value_factors f ON f.repeats = x.repeats AND f.age_days = x.age_days
