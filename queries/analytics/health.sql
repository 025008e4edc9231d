/*---
table: analytics.health
block: health
grain: [check_name]
doc: "The health card of contacts: every check against its norm. Counted on all contacts, so a fact; duplicates are what the rules of package health call so."
columns:
  - {name: check_name, type: string, doc: "duplicates, key_fields_filled, optional_fields_filled, fillers, phones_invalid, emails_invalid, unreachable, stale, inactive, email_bounces, birthdays_absurd; key_filled:FIELD and optional_filled:FIELD"}
  - {name: value, type: float64, unit: "share", nullable: true, doc: "numerator over denominator; NULL when not measurable"}
  - {name: numerator, type: int64, unit: "1", nullable: true, doc: "contacts, fields or messages counted"}
  - {name: denominator, type: int64, unit: "1", nullable: true, doc: "of how many"}
  - {name: norm, type: float64, unit: "share", nullable: true, doc: "ok up to here (from here on, where more is better)"}
  - {name: red_zone, type: float64, unit: "share", nullable: true, doc: "red beyond it; NULL: never red"}
  - {name: status, type: string, doc: "ok, warning, red or not_measurable"}
  - {name: better, type: string, doc: "lower or higher: which way is good"}
  - {name: note, type: string, nullable: true, doc: "why it is not measurable, or what is left out; a key of the texts"}
---*/
