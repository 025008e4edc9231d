/*---
table: core.segment_memberships
grain: [segment_id, ck, from_day]
doc: "Who was in which segment when: half-open days [from_day, to_day); open ends are -1000000 and 1000000."
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key, core.customers.ck"}
  - {name: segment_id, type: string, doc: "segment"}
  - {name: valid_from, type: timestamp, nullable: true, doc: "since; NULL: always, or (first list) since a time that nobody knows, UTC"}
  - {name: from_day, type: int64, unit: day, doc: "first day, days since 1970-01-01 in the business zone"}
  - {name: valid_to, type: timestamp, nullable: true, doc: "until, exclusive; NULL: still, UTC"}
  - {name: to_day, type: int64, unit: day, doc: "day after the last, days since 1970-01-01 in the business zone"}
  - {name: listed, type: int64, unit: "1", nullable: true, doc: "number of the dated list of members that the row is a line of: from_day is the day of the list, to_day that of the next list; NULL: an interval"}
---*/
