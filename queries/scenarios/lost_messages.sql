/*---
table: scenarios.lost_messages
block: overlap
grain: [scenario_lost, scenario_sent]
doc: >-
  Which scenario's messages were not sent while a less important one wrote to the same customer within collision_hours: the inversions in which the higher one was lost. Listed message by
  message in scenarios.fct_lost_messages. Written by scenarios/overlap.
columns:
  - {name: scenario_lost, type: string, doc: "the scenario of higher priority, whose messages were not sent"}
  - {name: scenario_sent, type: string, doc: "the scenario of lower priority, which wrote"}
  - {name: messages, type: int64, unit: "messages", doc: "messages not sent that could have gone: reason of kind cap, quiet_hours, conflict or unknown (fact)"}
  - {name: sent_first, type: int64, unit: "messages", doc: "of them those with the lower one sent before the decision: it may have taken the place (fact)"}
  - {name: customers, type: int64, unit: "customers", doc: "their customers (fact)"}
  - {name: messages_unsendable, type: int64, unit: "messages", doc: "messages not sent that would not have gone anyway: no consent, no valid address, the sender's own condition, a failure (fact); in no other number"}
---*/
