/*---
table: segments.fct_pair_members
block: pairs
grain: [ck, gk]
reads: [segments.fct_members, segments.fct_pair_customers, segments.red_pair_list]
doc: Memberships of the segments compared on the day that counts, of the customers looked at.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: gk, type: int64, unit: "1", doc: "segment key"}
---*/
SELECT m.ck, CAST(m.gk AS INTEGER) AS gk
FROM segments.fct_members m
JOIN segments.red_pair_list l ON l.gk = m.gk AND m.from_day <= l.day AND m.to_day > l.day
JOIN segments.fct_pair_customers c ON c.ck = m.ck
WHERE l.compared
