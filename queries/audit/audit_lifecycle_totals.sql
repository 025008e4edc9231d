/*---
table: audit.audit_lifecycle_totals
reads: [lifecycle.fct_panel, lifecycle.fct_stage_runs, lifecycle.red_stage_periods, lifecycle.red_transition_periods, lifecycle.red_transitions, lifecycle.red_spells, lifecycle.red_stage_value]
doc: >-
  The reduced tables add up: rows of the panel outside burn-in = moves and stays + the rows of the last period (censored); the periods at risk of
  the spells and the customer-periods of the stage values are the moves and stays.
---*/
WITH panel AS (
  SELECT COALESCE(SUM(s.n), 0) AS customer_periods, COALESCE(SUM(CASE WHEN s.period = p.last_period THEN s.n ELSE 0 END), 0) AS censored
  FROM lifecycle.red_stage_periods s CROSS JOIN lifecycle.fct_panel p
  WHERE s.period >= p.clean_first
),
runs AS (
  SELECT COALESCE(SUM(last_period - clean_first + 1), 0) AS customer_periods FROM lifecycle.fct_stage_runs WHERE clean_first IS NOT NULL
),
totals AS (
  SELECT 'runs' AS what, r.customer_periods AS found, p.customer_periods AS expected FROM runs r CROSS JOIN panel p
  UNION ALL
  SELECT 'transition_periods', (SELECT COALESCE(SUM(n), 0) FROM lifecycle.red_transition_periods), customer_periods - censored FROM panel
  UNION ALL
  SELECT 'transitions', (SELECT COALESCE(SUM(n), 0) FROM lifecycle.red_transitions WHERE grouping = 'all'), customer_periods - censored FROM panel
  UNION ALL
  SELECT 'cohorts', (SELECT COALESCE(SUM(n), 0) FROM lifecycle.red_transitions WHERE grouping = 'cohort'), customer_periods - censored FROM panel
  UNION ALL
  SELECT 'spells', (SELECT COALESCE(SUM((exit_age - entry_age + 1) * n), 0) FROM lifecycle.red_spells), customer_periods - censored FROM panel
  UNION ALL
  SELECT 'stage_value', (SELECT COALESCE(SUM(customer_periods), 0) FROM lifecycle.red_stage_value), customer_periods - censored FROM panel
)
SELECT what, found, expected FROM totals WHERE found <> expected
