/*---
table: analytics.rhythm_responses
block: rhythm
grain: [kind, rhythm]
doc: >-
  Clicks by the rhythm of the receiver. A description, no effect of anything - who buys often reads more, and messages follow purchases. Messages against the moment in the rhythm are in scenarios.rhythm. Written by analytics/rhythm.
columns:
  - {name: kind, type: string, doc: "bulk, trigger, transactional or unknown"}
  - {name: rhythm, type: string, doc: "analytics.rhythm_groups.rhythm; no_rhythm: customers with fewer than three pauses; all"}
  - {name: customers, type: int64, unit: "customers", doc: "different receivers who ever ordered, among those looked at"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered messages"}
  - {name: clicked, type: int64, unit: "messages", doc: "of them clicked"}
  - {name: click_rate, type: float64, unit: "share", nullable: true, doc: "clicked / delivered"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: difference, type: float64, unit: "share", nullable: true, doc: "click_rate minus that of all receivers of the kind who ever ordered"}
  - {name: difference_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: difference_upper, type: float64, unit: "share", nullable: true, doc: "upper end"}
  - {name: sampled, type: bool, unit: "1", doc: "only every tenth customer was looked at"}
---*/
