/*---
table: core.zone_offsets
grain: [zone, from_sec]
doc: "Offset from UTC of every time zone met in core.customers.timezone, in spans that follow each other without a gap: local seconds = UTC seconds + offset_seconds. A plain join makes local time. Written after the load from the zone database of the program."
columns:
  - {name: zone, type: string, doc: "the zone as core.customers.timezone has it; empty for the business zone, which customers without a zone have"}
  - {name: from_sec, type: int64, unit: seconds, doc: "first Unix second of the span"}
  - {name: to_sec, type: int64, unit: seconds, doc: "Unix second after the last one"}
  - {name: offset_seconds, type: int64, unit: seconds, doc: "local time minus UTC; not always a whole hour"}
  - {name: known, type: bool, unit: "1", doc: "false: the zone database does not know the name, and the business zone stands in"}
---*/
