/*---
table: analytics.duplicate_contacts
block: health
grain: [customer_a, customer_b]
doc: >-
  Pairs of contacts that are one person or firm, or may be, with the parts of their score in bits (log2 of odds): 8 and more certain, 3 and more likely, 0 and more possible. Only the
  verdicts certain and likely make groups.
columns:
  - {name: customer_a, type: string, doc: "id of the one"}
  - {name: customer_b, type: string, doc: "id of the other"}
  - {name: verdict, type: string, doc: "certain, likely or possible"}
  - {name: score, type: float64, unit: bits, doc: "sum of the parts and of the prior"}
  - {name: prior, type: float64, unit: bits, doc: "how rarely two contacts taken at random are one"}
  - {name: phone, type: float64, unit: bits, doc: "same, nearly the same or different phone; less for a phone of many contacts"}
  - {name: email, type: float64, unit: bits, doc: "the same for the e-mail address"}
  - {name: name, type: float64, unit: bits, doc: "agreement of names: a rare name weighs more than a common one"}
  - {name: birthday, type: float64, unit: bits, doc: "same or different date of birth"}
  - {name: group_id, type: int64, unit: "1", nullable: true, doc: "analytics.duplicate_groups.group_id; NULL: the pair joins no group"}
---*/
