/*---
table: lifecycle.rules
grain: [stage]
doc: >-
  What each stage rule matches in the last complete period and which rule above it takes most of that. Counts, not estimates. Written by
  lifecycle.Fit; empty with recorded stages.
columns:
  - {name: stage, type: string, doc: "stage"}
  - {name: position, type: int64, unit: "1", doc: "order of the rule"}
  - {name: rule, type: string, doc: "the rule as written"}
  - {name: matches, type: int64, unit: "customers", doc: "customers that the rule itself matches"}
  - {name: taken, type: int64, unit: "customers", doc: "of them in this stage: no rule above matches"}
  - {name: shadowed_by, type: string, doc: "the rule above that takes most of the others; empty when none does"}
  - {name: shadowed, type: int64, unit: "customers", doc: "how many that rule takes"}
  - {name: catch_all, type: bool, doc: "the last rule, matching everybody"}
  - {name: verdict, type: string, doc: "ok, unreachable (rules above take all: by the rules themselves, or in a year of data), no_match (matches nobody, and nobody was ever in the stage in a year of data), unseen (nobody was in the stage, too little data to say more)"}
---*/
