/*---
table: core.customers
grain: [ck]
doc: "One row per customer known from any input, after the merge of identities. Keys ascend with customer_id; ids that occur in rejected or later rows only leave gaps."
extra: ["attr_*"]
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key: rank of customer_id"}
  - {name: customer_id, type: string, doc: "id of the customer, the end of its identities"}
  - {name: bucket, type: int64, unit: "1", doc: "first 8 bytes of SHA-256(crmaudit/bucket/v1| + customer_id), big endian, mod 100: the sampling unit of intervals"}
  - {name: first_seen_day, type: int64, unit: day, doc: "earliest of created, ordered, acted, messaged, enrolled; else the first other dated row; an undated customer is known from the first loaded day, days since 1970-01-01 in the business zone"}
  - {name: created_day, type: int64, unit: day, nullable: true, doc: "when the customer became known, as the source says, days since 1970-01-01 in the business zone"}
  - {name: created_at, type: timestamp, nullable: true, doc: "the same, UTC"}
  - {name: updated_at, type: timestamp, nullable: true, doc: "last change of the record; of several records the latest is kept, UTC"}
  - {name: name, type: string, nullable: true, doc: "name"}
  - {name: phone, type: string, nullable: true, doc: "phone"}
  - {name: email, type: string, nullable: true, doc: "e-mail address"}
  - {name: source, type: string, nullable: true, doc: "where the customer came from"}
  - {name: owner, type: string, nullable: true, doc: "responsible employee"}
  - {name: timezone, type: string, nullable: true, doc: "the time zone of the customer"}
---*/
