/*---
table: analytics.duplicate_members
block: health
grain: [customer_id]
doc: Which contact is in which group of duplicates. A contact is in one group at most.
columns:
  - {name: customer_id, type: string, doc: "id of the customer"}
  - {name: group_id, type: int64, unit: "1", doc: "analytics.duplicate_groups.group_id"}
  - {name: kept, type: bool, unit: "1", doc: "the one to keep"}
---*/
