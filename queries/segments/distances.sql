/*---
table: segments.distances
block: pairs
grain: [segment_a, segment_b, feature]
doc: >-
  How far the sampled members of two segments are apart, feature by feature, on the day before the window, beside what two samples of one population would show. Common bins at the deciles of
  all sampled customers; every customer counts once, so the design effect is 1. Members of both are left out. Written by segments/pairs.Fit.
columns:
  - {name: segment_a, type: string, doc: "segment"}
  - {name: segment_b, type: string, doc: "the other"}
  - {name: feature, type: string, doc: "recency, orders, revenue, tenure, inactivity, activities, messages_90d, clicks_90d"}
  - {name: sample_a, type: int64, unit: "customers", doc: "sampled members of a"}
  - {name: sample_b, type: int64, unit: "customers", doc: "sampled members of b"}
  - {name: bins, type: int64, unit: "bins", doc: "bins in which somebody is"}
  - {name: js, type: float64, unit: "nats", doc: "Jensen-Shannon divergence"}
  - {name: js_floor, type: float64, unit: "nats", doc: "its mean for two samples of one population"}
  - {name: psi, type: float64, unit: "1", doc: "population stability index, empty bins counted as half a customer"}
  - {name: psi_floor, type: float64, unit: "1", doc: "its mean for two samples of one population"}
  - {name: psi_95, type: float64, unit: "1", doc: "its 95 % point for two samples of one population"}
---*/
