/*---
table: analytics.duplicate_counts
block: health
grain: [what]
doc: The search for duplicate contacts in a few numbers.
columns:
  - {name: what, type: string, doc: "certain, likely, possible (pairs); groups; extra_contacts (beyond the one to keep of each group); largest_group (contacts); extra_messages and extra_cost (of the audited period, to the extra contacts); compared (pairs); capped_contacts (that share a number or an address with more than 200 others: only neighbours were compared among them); refused (likely pairs that join no group, because members would contradict each other); dropped (pairs above the million that is kept)"}
  - {name: value, type: float64, unit: "1", doc: "the number; extra_cost in currency units"}
---*/
