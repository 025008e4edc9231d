/*---
table: segments.red_pair_sample_members
block: pairs
grain: [person, gk]
reads: [segments.fct_pair_members, segments.red_pair_scope]
doc: >-
  All memberships, on the day before the last window, of the customers sampled for any segment: the sample of a segment is its members in a pseudo-random order of customers that is the same for all segments, up to the size in
  segments.red_pair_scope.
max_rows: 4000000
columns:
  - {name: person, type: int64, unit: "1", doc: "number of the customer"}
  - {name: gk, type: int64, unit: "1", doc: "segment key"}
  - {name: sampled, type: bool, unit: "1", doc: "sampled for this segment; else he is here because he was sampled for another"}
---*/
WITH sizes AS (
  SELECT m.gk, COUNT(*) AS n, MIN(p.size) AS size FROM segments.fct_pair_members m CROSS JOIN segments.red_pair_scope p WHERE m.last = 1 GROUP BY m.gk
),
turned AS (
  SELECT m.ck, m.gk, s.size, s.n, CAST(m.ck AS BIGINT) * 1640531527 AS turn
  FROM segments.fct_pair_members m JOIN sizes s ON s.gk = m.gk
  WHERE m.last = 1
),
near AS (
  SELECT ck, gk, size, turn - 1048576 * x_idiv(turn, 1048576) AS turn
  FROM turned
  WHERE (turn - 1048576 * x_idiv(turn, 1048576)) * n <= CAST(2 * size AS BIGINT) * 1048576
),
placed AS (
  SELECT ck, gk, size, ROW_NUMBER() OVER (PARTITION BY gk ORDER BY turn NULLS LAST, ck NULLS LAST) AS place FROM near
),
chosen AS (
  SELECT ck, gk FROM placed WHERE place <= size
),
persons AS (
  SELECT ck FROM chosen GROUP BY ck
)
SELECT m.ck AS person, m.gk, c.ck IS NOT NULL AS sampled
FROM segments.fct_pair_members m
JOIN persons p ON p.ck = m.ck
LEFT JOIN chosen c ON c.ck = m.ck AND c.gk = m.gk
WHERE m.last = 1
