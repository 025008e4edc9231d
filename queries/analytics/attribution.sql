/*---
table: analytics.attribution
block: metrics
grain: [scope, channel, kind, scenario_id, size]
doc: >-
  How much the attribution windows decide - orders placed in the complete periods that are credited to a message (last touch) with windows of half, full and double length, and their share of all orders. Facts.
  Attributed is not caused: who gets messages often has one before every order. Only an experiment says what messages add. Written by analytics/metrics.
columns:
  - {name: scope, type: string, doc: "all, family (a channel and kind) or scenario (of them)"}
  - {name: channel, type: string, doc: "channel; all in scope all"}
  - {name: kind, type: string, doc: "kind; all in scope all; unknown when not given"}
  - {name: scenario_id, type: string, doc: "scenario; all in the other scopes; (none) when the source gives none"}
  - {name: size, type: string, doc: "half, full or double window"}
  - {name: window_days, type: float64, unit: "days", nullable: true, doc: "length of the window; NULL in scope all, where channels differ"}
  - {name: orders, type: int64, unit: "orders", doc: "credited orders"}
  - {name: revenue, type: int64, unit: minor, doc: "their revenue"}
  - {name: order_share, type: float64, unit: share, nullable: true, doc: "of all orders of the complete periods; NULL without orders"}
  - {name: revenue_share, type: float64, unit: share, nullable: true, doc: "of all their revenue; NULL without"}
---*/
