/*---
table: core.cfg_stage_features
grain: [feature]
doc: >-
  Features of stage rules that are running sums, only those that a rule uses, so that the data behind the others is not read. Written from
  lifecycle.Compile.
columns:
  - {name: feature, type: string, doc: "feature of the contract; subscribed is made of messaged and opted_out, last_activity_days of last_activity"}
  - {name: source, type: string, doc: "what is added up: orders, revenue, activity, last_activity, sent, opened, clicked, messaged, opted_out"}
  - {name: window_days, type: int64, unit: "days", doc: "days after which an event leaves the sum; 0 = never"}
---*/
