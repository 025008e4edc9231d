/*---
table: analytics.fct_sequence_items
block: bundles
grain: [it]
reads: [analytics.fct_basket_items]
doc: The 60 products and 12 categories that most orders hold (at least 100 of them). What follows what is looked at among these.
columns:
  - {name: it, type: int64, unit: "1", doc: "product key; for categories minus the category key"}
---*/
SELECT it
FROM analytics.fct_basket_items
WHERE n >= 100 AND (universe = 1 AND place <= 60 OR universe = 2 AND place <= 12)
