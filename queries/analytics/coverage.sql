/*---
table: analytics.coverage
grain: [block, input]
doc: What each block could and could not answer with the inputs given.
columns:
  - {name: block, type: string, doc: "audit block"}
  - {name: input, type: string, doc: "input of the contract, or a column of one; 'of klaviyo' after it: what the export of that vendor says"}
  - {name: present, type: bool, unit: "1", doc: "whether the input was given"}
  - {name: answers, type: string, doc: "what this input answers"}
  - {name: note, type: string, doc: "what is missing, derived or truncated; empty when nothing is; what a vendor's profile says stands in both languages, Russian ‖ English"}
---*/
