/*---
table: core.cfg_stage_features
grain: [feature]
doc: >-
  Features that a stage rule uses and that are looked up in data of their own, so that the data behind the others are not read. Written from
  lifecycle.Compile.
columns:
  - {name: feature, type: string, doc: "orders_28d, orders_90d, orders_365d, revenue_365d, last_activity_days, activity_28d, messages_28d, opens_28d, clicks_28d or subscribed"}
---*/
