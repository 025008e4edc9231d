/*---
table: core.cfg_reasons
grain: [position]
doc: >-
  What the words in reasons of not sending mean, in the order in which they are looked for: the first that a reason holds (small and capital letters alike, _ stands for
  any character) decides its kind. Built in, from the values that vendors give. Another word is named in audit.yaml: values: {not_sent_reason: {our word: frequency_cap}}.
columns:
  - {name: position, type: int64, unit: "1", doc: "1 is looked for first"}
  - {name: word, type: string, doc: "part of a reason, in small letters"}
  - {name: kind, type: string, doc: "cap, quiet_hours, conflict, no_consent, no_address, condition (the sender's own rule) or failed; a reason without any of the words is unknown"}
  - {name: sendable, type: bool, unit: "1", doc: "the message could have gone at another moment or in another's place: cap, quiet_hours and conflict (and unknown)"}
---*/
