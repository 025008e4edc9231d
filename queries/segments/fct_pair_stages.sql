/*---
table: segments.fct_pair_stages
block: pairs
grain: [unit]
reads: [lifecycle.fct_stage_runs, scenarios.fct_better_stages, scenarios.fct_stages, segments.red_pair_window]
doc: >-
  The stage of a customer before a window and whether he is in a better one at its end: one whose customers order at least 1.1 times as often (scenarios.fct_better_stages). Where orders do
  not tell stages apart, in another one. Empty when no stage is known before the end of the window.
columns:
  - {name: unit, type: int64, unit: "1", doc: "customer key x 16 + number of the window"}
  - {name: st, type: int64, unit: "1", doc: "stage before, scenarios.fct_stages.st"}
  - {name: moved, type: int64, unit: "1", doc: "1 when in a better stage at the end"}
---*/
WITH ranked AS (
  SELECT COUNT(*) AS n FROM scenarios.fct_better_stages
),
before AS (
  SELECT CAST(r.ck AS BIGINT) * 16 + w.number AS unit, s.st
  FROM lifecycle.fct_stage_runs r CROSS JOIN segments.red_pair_window w JOIN scenarios.fct_stages s ON s.stage = r.stage
  WHERE r.first_period <= w.stage_from AND r.last_period >= w.stage_from AND w.stage_from < w.stage_to
),
after AS (
  SELECT CAST(r.ck AS BIGINT) * 16 + w.number AS unit, s.st
  FROM lifecycle.fct_stage_runs r CROSS JOIN segments.red_pair_window w JOIN scenarios.fct_stages s ON s.stage = r.stage
  WHERE r.first_period > w.stage_from AND r.first_period <= w.stage_to AND r.last_period >= w.stage_to
)
SELECT b.unit, b.st, CAST(CASE WHEN a.st IS NULL OR a.st = b.st THEN 0 WHEN k.n = 0 OR t.to_st IS NOT NULL THEN 1 ELSE 0 END AS INTEGER) AS moved
FROM before b
CROSS JOIN ranked k
LEFT JOIN after a ON a.unit = b.unit
LEFT JOIN scenarios.fct_better_stages t ON t.from_st = b.st AND t.to_st = a.st
