/*---
table: segments.fct_pair_members
block: pairs
grain: [unit, gk]
reads: [segments.fct_members, segments.fct_pair_customers, segments.red_pair_list, segments.red_pair_window]
doc: Memberships of the segments compared on the day before each window, of the customers looked at.
columns:
  - {name: unit, type: int64, unit: "1", doc: "customer key x 16 + number of the window"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: last, type: int64, unit: "1", doc: "1 in the last window, else 0"}
  - {name: gk, type: int64, unit: "1", doc: "segment key"}
---*/
WITH days AS (
  SELECT l.gk, w.number, CASE WHEN w.number = 1 THEN l.day ELSE w.day END AS day
  FROM segments.red_pair_list l JOIN segments.red_pair_window w ON w.number = 1 OR NOT l.late
  WHERE l.compared
),
members AS (
  SELECT CAST(m.ck AS BIGINT) * 16 + d.number AS unit, CAST(m.gk AS INTEGER) AS gk
  FROM segments.fct_members m JOIN days d ON d.gk = m.gk AND m.from_day <= d.day AND m.to_day > d.day
)
SELECT m.unit, c.ck, c.last, m.gk
FROM members m JOIN segments.fct_pair_customers c ON c.unit = m.unit
