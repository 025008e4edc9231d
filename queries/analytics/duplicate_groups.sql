/*---
table: analytics.duplicate_groups
block: health
grain: [group_id]
doc: Groups of contacts that are one person or firm. A pair joins two groups only when no two members contradict each other, so that likenesses do not chain.
columns:
  - {name: group_id, type: int64, unit: "1", doc: "running number"}
  - {name: contacts, type: int64, unit: "customers", doc: "members"}
  - {name: verdict, type: string, doc: "certain, or likely when one of the pairs that joined it is only likely"}
  - {name: keep, type: string, doc: "id of the contact to keep: the one last active, then the most written to, then the oldest"}
  - {name: extra_messages, type: int64, unit: "messages", doc: "sent in the audited period to the others"}
  - {name: extra_cost, type: float64, unit: "currency units", doc: "what they cost by money.message_cost"}
---*/
