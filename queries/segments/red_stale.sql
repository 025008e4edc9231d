/*---
table: segments.red_stale
grain: [gk, bucket]
reads: [core.customer_attributes, lifecycle.fct_panel, segments.fct_rule_features, segments.fct_segments, segments.fct_stays]
doc: Members at the end of the last complete period of the segments that have a rule of their own (when), and how many of them the rule still takes (x_segment_rule).
max_rows: 2000000
columns:
  - {name: gk, type: int64, unit: "1", doc: "segment key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: members, type: int64, unit: "customers", doc: "members"}
  - {name: fitting, type: int64, unit: "customers", doc: "of them, customers whom the rule takes"}
---*/
WITH members AS (
  SELECT s.gk, g.position, s.ck, s.bucket
  FROM segments.fct_stays s
  JOIN lifecycle.fct_panel p ON s.last_period = p.last_period
  JOIN segments.fct_segments g ON g.gk = s.gk
  WHERE g.has_rule
),
ruled AS (
  SELECT m.gk, m.bucket,
    x_segment_rule(m.position, f.recency_days, f.first_order_days, f.tenure_days, f.orders_total, f.orders_28d, f.orders_90d, f.orders_365d, f.revenue_total,
      f.revenue_365d, f.avg_order_value, f.last_activity_days, f.activity_28d, f.messages_28d, f.opens_28d, f.clicks_28d, f.subscribed, f.median_gap_days,
      f.overdue_ratio, t.attributes) AS fits
  FROM members m
  JOIN segments.fct_rule_features f ON f.ck = m.ck
  JOIN core.customer_attributes t ON t.ck = m.ck
)
SELECT CAST(gk AS BIGINT) AS gk, CAST(bucket AS BIGINT) AS bucket, COUNT(*) AS members, SUM(CASE WHEN fits THEN 1 ELSE 0 END) AS fitting
FROM ruled
GROUP BY gk, bucket
