/*---
table: audit.audit_lifecycle_runs
reads: [lifecycle.fct_stage_runs, lifecycle.fct_panel]
doc: >-
  The runs of a customer follow each other: each one ends right before the next starts, the stage changes, the last one reaches the last
  complete period. So a customer has one stage in each period.
---*/
WITH runs AS (
  SELECT r.ck, r.stage, r.first_period, r.last_period, r.next_stage, p.last_period AS panel_end,
    LEAD(x_nul(r.first_period)) OVER (PARTITION BY r.ck ORDER BY r.first_period NULLS LAST) AS next_first,
    LEAD(x_nul(r.stage)) OVER (PARTITION BY r.ck ORDER BY r.first_period NULLS LAST) AS next_run
  FROM lifecycle.fct_stage_runs r CROSS JOIN lifecycle.fct_panel p
)
SELECT ck, stage, first_period, last_period
FROM runs
WHERE last_period < first_period
  OR COALESCE(next_first, panel_end + 1) <> last_period + 1
  OR next_run = stage
  OR COALESCE(next_run, '') <> COALESCE(next_stage, '')
