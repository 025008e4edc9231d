/*---
table: lifecycle.fct_stage_looks
grain: [ck, period]
reads: [core.cfg_stage_breakpoints, lifecycle.fct_stage_points]
doc: >-
  Periods in which a customer is looked at: those whose end is the first behind one of his breakpoints (core.cfg_stage_breakpoints), his first
  and the last one, with what the rules use as it stands at that end. Between two of them no rule can change its value unless it is dense. None with recorded
  stages. A view: read once, by lifecycle.fct_stage_changes. Rules that count nothing have a branch of their own, because the engine computes running sums that nobody reads.
view: true
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: period, type: int64, unit: "1", doc: "period of lifecycle.fct_grid"}
  - {name: next_period, type: int64, unit: "1", nullable: true, doc: "the next look; NULL for the last one"}
  - {name: order_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "last order day, when a rule uses orders"}
  - {name: orders_28d, type: int64, unit: "orders", nullable: true, doc: "the feature; NULL = 0, and when no rule uses it"}
  - {name: orders_90d, type: int64, unit: "orders", nullable: true, doc: "the feature; NULL = 0, and when no rule uses it"}
  - {name: orders_365d, type: int64, unit: "orders", nullable: true, doc: "orders in 365 days; NULL = 0, and when no rule uses them or their value"}
  - {name: revenue_365d_minor, type: int64, unit: "minor currency units", nullable: true, doc: "their value"}
  - {name: activity_day, type: int64, unit: "days since 1970-01-01", nullable: true, doc: "last active day, when a rule uses activity"}
  - {name: activity_28d, type: int64, unit: "events", nullable: true, doc: "the feature; NULL = 0, and when no rule uses it"}
  - {name: messages_28d, type: int64, unit: "messages", nullable: true, doc: "the feature; NULL = 0, and when no rule uses it"}
  - {name: opens_28d, type: int64, unit: "messages", nullable: true, doc: "the feature; NULL = 0, and when no rule uses it"}
  - {name: clicks_28d, type: int64, unit: "messages", nullable: true, doc: "the feature; NULL = 0, and when no rule uses it"}
  - {name: consent, type: int64, unit: "1", nullable: true, doc: "1 = messaged, 2 = unsubscribed or complained, when a rule uses subscribed"}
---*/
WITH counting AS (
  SELECT COUNT(*) AS breakpoints
  FROM core.cfg_stage_breakpoints
  WHERE anchor IN ('message', 'open', 'click', 'consent') OR anchor IN ('order', 'activity') AND offset_days IN (29, 91, 366)
),
totals AS (
  SELECT ck, period, LEAD(x_nul(period)) OVER w AS next_period, MAX(order_day) OVER w AS order_day, SUM(orders_28d) OVER w AS orders_28d,
    SUM(orders_90d) OVER w AS orders_90d, SUM(orders_365d) OVER w AS orders_365d, SUM(revenue_365d_minor) OVER w AS revenue_365d_minor,
    MAX(activity_day) OVER w AS activity_day, SUM(activity_28d) OVER w AS activity_28d, SUM(messages_28d) OVER w AS messages_28d,
    SUM(opens_28d) OVER w AS opens_28d, SUM(clicks_28d) OVER w AS clicks_28d, MAX(consent) OVER w AS consent
  FROM lifecycle.fct_stage_points p JOIN counting c ON c.breakpoints > 0
  WINDOW w AS (PARTITION BY ck ORDER BY period NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),
lasts AS (
  SELECT ck, period, LEAD(x_nul(period)) OVER w AS next_period, MAX(order_day) OVER w AS order_day, MAX(activity_day) OVER w AS activity_day
  FROM lifecycle.fct_stage_points p JOIN counting c ON c.breakpoints = 0
  WINDOW w AS (PARTITION BY ck ORDER BY period NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
SELECT ck, period, next_period, order_day, orders_28d, orders_90d, orders_365d, revenue_365d_minor, activity_day, activity_28d, messages_28d, opens_28d, clicks_28d, consent
FROM totals
WHERE next_period IS NULL OR next_period > period
UNION ALL
SELECT ck, period, next_period, order_day, NULL, NULL, NULL, NULL, activity_day, NULL, NULL, NULL, NULL, NULL
FROM lasts
WHERE next_period IS NULL OR next_period > period
