/*---
table: segments.red_flows
grain: [from_gk, to_gk]
reads: [lifecycle.fct_panel, segments.fct_stays]
doc: >-
  Turnover between segments: members at the end of a complete period who are none any more one period later, by the segments that they came into in the same step. Who
  came into several counts in each; to_gk 0 counts those who came into none.
max_rows: 4000000
columns:
  - {name: from_gk, type: int64, unit: "1", doc: "segment that was left"}
  - {name: to_gk, type: int64, unit: "1", doc: "segment that was entered; 0 = none"}
  - {name: n, type: int64, unit: "customer-periods", doc: "moves, at least 1"}
---*/
WITH gone AS (
  SELECT s.gk, s.ck, s.last_period + 1 AS period
  FROM segments.fct_stays s JOIN lifecycle.fct_panel p ON s.last_period < p.last_period
),
came AS (
  SELECT s.gk, s.ck, s.first_period AS period
  FROM segments.fct_stays s JOIN lifecycle.fct_panel p ON s.first_period > p.first_period
)
SELECT CAST(g.gk AS BIGINT) AS from_gk, CAST(COALESCE(c.gk, 0) AS BIGINT) AS to_gk, COUNT(*) AS n
FROM gone g LEFT JOIN came c ON c.ck = g.ck AND c.period = g.period
GROUP BY g.gk, COALESCE(c.gk, 0)
