/*---
table: scenarios.duplicate_groups
block: duplicates
grain: [group_id, scenario_id]
doc: >-
  Groups of scenarios of which every two are the same (complete linkage: a chain of A like B like C makes no group when A and C differ). A scenario may be in one group of
  each kind. Written by scenarios/duplicates.
columns:
  - {name: group_id, type: int64, unit: "1", doc: "number of the group"}
  - {name: scenario_id, type: string, doc: "member"}
  - {name: kind, type: string, doc: "duplicate: duplicates and subsets, keep one; same_logic: also those for another audience, make one scenario with a parameter"}
  - {name: size, type: int64, unit: "scenarios", doc: "members of the group"}
  - {name: keep, type: bool, doc: "the member with the most person-time: the one to keep"}
  - {name: similarity, type: float64, unit: "1", doc: "the smallest similarity of any two members"}
---*/
