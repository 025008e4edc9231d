/*---
table: audit.audit_lifecycle_entry
reads: [core.customers, lifecycle.fct_grid, lifecycle.fct_stage_runs]
doc: The panel of a customer starts in the period in which he is first seen, or in the first one; who is first seen after it is not in the panel.
---*/
WITH starts AS (
  SELECT ck, MIN(first_period) AS first_period FROM lifecycle.fct_stage_runs GROUP BY ck
),
expected AS (
  SELECT c.ck, MIN(g.period) AS first_period
  FROM core.customers c JOIN lifecycle.fct_grid g ON g.in_panel AND g.end_day > c.first_seen_day
  GROUP BY c.ck
)
SELECT COALESCE(e.ck, s.ck) AS ck, e.first_period AS expected, s.first_period AS found
FROM expected e FULL JOIN starts s ON s.ck = e.ck
WHERE e.first_period IS NULL OR s.first_period IS NULL OR e.first_period <> s.first_period
