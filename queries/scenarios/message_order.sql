/*---
table: scenarios.message_order
block: overlap
grain: [collision_hours]
doc: >-
  What all pairs of scenarios together say about which of two colliding messages goes first; one row, none without collisions to judge and without messages not sent. Of those not sent, the ones that could have gone and have a priority count: the cap, quiet hours, a conflict or an unknown reason held them back. Written by scenarios/overlap.
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
  - {name: withheld_messages, type: int64, unit: "messages", doc: "messages not sent that could have gone and have a priority"}
  - {name: lost_messages, type: int64, unit: "messages", doc: "of them those beside which one of lower priority went to the same customer, closer than collision_hours"}
  - {name: lost_customers, type: int64, unit: "customers", doc: "customers of these"}
  - {name: lost_share, type: float64, unit: "share", nullable: true, doc: "lost_messages / withheld_messages"}
  - {name: lost_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval, over customers"}
  - {name: lost_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: lost_step, type: float64, unit: "share", nullable: true, doc: "smallest change that a test would look for: a tenth of lost_share, two percentage points at least"}
  - {name: withheld_customers, type: int64, unit: "customers", doc: "customers of withheld_messages: of the reason with the most, so at least so many"}
---*/
