/*---
table: analytics.duplicate_blocks
block: health
grain: [key]
doc: What was compared with what in the search for duplicates. Contacts are compared within blocks of a common key; a block that is too big is skipped and counted here.
columns:
  - {name: key, type: string, doc: "what the contacts of a block have in common"}
  - {name: contacts, type: int64, unit: "customers", doc: "contacts with such a key"}
  - {name: blocks, type: int64, unit: "1", doc: "keys of two or more contacts"}
  - {name: largest, type: int64, unit: "customers", doc: "contacts of the biggest block"}
  - {name: compared, type: int64, unit: "pairs", doc: "pairs compared"}
  - {name: capped_blocks, type: int64, unit: "1", doc: "blocks above the cap: only neighbours in the order of name and address were compared in them"}
  - {name: capped_contacts, type: int64, unit: "customers", doc: "contacts in them"}
---*/
