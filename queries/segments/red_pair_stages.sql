/*---
table: segments.red_pair_stages
block: pairs
grain: [gk, stage]
reads: [scenarios.fct_stages, segments.fct_pair_customers, segments.fct_pair_members]
doc: In which life-cycle stages the members of each segment, and all customers (gk 0), are before the last window. Customers whose stage is not known are not here.
max_rows: 100000
columns:
  - {name: gk, type: int64, unit: "1", doc: "segment key; 0 = all customers"}
  - {name: stage, type: string, doc: "stage"}
  - {name: n, type: int64, unit: "customers", doc: "customers"}
---*/
WITH counted AS (
  SELECT m.gk, c.st, COUNT(*) AS n FROM segments.fct_pair_members m JOIN segments.fct_pair_customers c ON c.unit = m.unit WHERE c.st > 0 AND c.last = 1 GROUP BY m.gk, c.st
  UNION ALL
  SELECT 0, st, COUNT(*) FROM segments.fct_pair_customers WHERE st > 0 AND last = 1 GROUP BY st
)
SELECT c.gk, s.stage, c.n FROM counted c JOIN scenarios.fct_stages s ON s.st = c.st
