/*---
table: scenarios.effect_balance
block: effects
grain: [scenario_id, kind, group_name, group_value]
doc: >-
  How entrants of a scenario differ from comparators of the same stage, recency, tenure and orders by groups of customers, on a sample, before any outcome is looked at. The group that tells most about entry is in the cells
  (used); when entrants and comparators still differ in another, the effect is grade D. Groups with less than a tenth of a standard deviation are not shown. Written by scenarios/effects.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: kind, type: string, doc: "segment, attribute (also source, owner, timezone), category (the one most often ordered before entry)"}
  - {name: group_name, type: string, doc: "segment or attribute; empty for a category"}
  - {name: group_value, type: string, doc: "value of the attribute, or category; empty for a segment"}
  - {name: as_of_entry, type: bool, unit: "1", doc: "membership is known as of the day before entry; else as of the export only"}
  - {name: used, type: bool, unit: "1", doc: "comparators are taken from the same side of this group"}
  - {name: share_treated, type: float64, unit: "share", nullable: true, doc: "of the entrants in the group; half a unit is added on both sides"}
  - {name: share_control, type: float64, unit: "share", nullable: true, doc: "of the comparators, weighted as the entrants"}
  - {name: difference, type: float64, unit: "standard deviations", nullable: true, doc: "share_treated less share_control, standardised; above .25 they are not alike"}
  - {name: held_difference, type: float64, unit: "standard deviations", nullable: true, doc: "the same with the group that is used held equal; NULL when nobody is left to compare"}
  - {name: differs, type: bool, unit: "1", doc: "held_difference is above .25 and by more than four standard errors: grade D"}
  - {name: customers_treated, type: int64, unit: "customers", doc: "different entrants in the sample"}
  - {name: customers_control, type: int64, unit: "customers", doc: "different comparators in the sample"}
---*/
