/*---
table: scenarios.not_sent_reasons
block: overlap
grain: [reason]
doc: >-
  Why messages of scenarios were not sent in the audited time, transactional ones left out, and how often a less important message went to the same customer within collision_hours. Empty when the
  exports hold no decisions against sending. Written by scenarios/overlap.
columns:
  - {name: reason, type: string, doc: "not_sent_reason as the source gives it; empty when it gives none"}
  - {name: kind, type: string, doc: "how it is read, by the words of core.cfg_reasons: cap, quiet_hours, conflict, no_consent, no_address, condition, failed; unknown"}
  - {name: sendable, type: bool, unit: "1", doc: "the messages could have gone: they count as lost to a less important one; false: they would not have gone anyway"}
  - {name: messages, type: int64, unit: "messages", doc: "decided against (fact)"}
  - {name: customers, type: int64, unit: "customers", doc: "their customers (fact)"}
  - {name: with_priority, type: int64, unit: "messages", doc: "of them with a known priority (fact)"}
  - {name: lost, type: int64, unit: "messages", doc: "of these those beside which a message of lower priority went to the customer (fact)"}
  - {name: customers_lost, type: int64, unit: "customers", doc: "customers of these (fact)"}
  - {name: lost_share, type: float64, unit: "share", nullable: true, doc: "lost / with_priority; NULL where too few of the reason carry a priority"}
  - {name: lost_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval, over customers"}
  - {name: lost_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
---*/
