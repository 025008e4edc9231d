/*---
table: scenarios.message_order
block: overlap
grain: [collision_hours]
doc: >-
  What all pairs of scenarios together say about which of two colliding messages goes first; one row, none without collisions to judge. Written by scenarios/overlap.
columns:
  - {name: pairs_judged, type: int64, unit: "pairs of scenarios", doc: "with enough collisions to judge their order"}
  - {name: pairs_without_rule, type: int64, unit: "pairs of scenarios", doc: "of which it is proved that now one goes first and now the other"}
  - {name: collisions_without_rule, type: int64, unit: "pairs of messages", doc: "collisions of these pairs"}
  - {name: pairs_with_priority, type: int64, unit: "pairs of scenarios", doc: "whose messages have different priorities"}
  - {name: customers, type: int64, unit: "customers", doc: "hit by the pair that hits most: at least so many are hit in all"}
  - {name: inversion_share, type: float64, unit: "share", nullable: true, doc: "of the collisions of different priority, those in which the lower one went first"}
  - {name: inversion_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval, over customers"}
  - {name: inversion_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: step, type: float64, unit: "share", nullable: true, doc: "smallest change that a test would look for: a tenth of inversion_share, two percentage points at least"}
  - {name: collision_hours, type: float64, unit: "hours", doc: "two messages closer than that collide"}
---*/
