/*---
table: analytics.fct_sequence_firsts
block: bundles
grain: [ck, it]
reads: [analytics.fct_basket_lines, analytics.fct_sequence_items]
doc: The first day on which a customer bought a product or category of analytics.fct_sequence_items, in all loaded history.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: it, type: int64, unit: "1", doc: "product key; for categories minus the category key"}
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "first day"}
---*/
SELECT l.ck, i.it, MIN(l.day) AS first_day
FROM analytics.fct_basket_lines l JOIN analytics.fct_sequence_items i ON i.it = l.pr
GROUP BY l.ck, i.it
UNION ALL
SELECT l.ck, i.it, MIN(l.day)
FROM analytics.fct_basket_lines l JOIN analytics.fct_sequence_items i ON i.it = -l.ca
GROUP BY l.ck, i.it
