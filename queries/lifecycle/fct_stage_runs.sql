/*---
table: lifecycle.fct_stage_runs
grain: [ck, first_period]
reads: [core.customers, lifecycle.fct_panel, lifecycle.fct_stage_changes]
doc: >-
  Unbroken stays of a customer in a stage within the panel. The runs of one customer follow each other without a gap, from the period in which
  he is first seen to the last complete one; every count of the life cycle is made from them.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: stage, type: string, doc: "stage"}
  - {name: first_period, type: int64, unit: "1", doc: "first period of the panel at whose end he is in the stage"}
  - {name: last_period, type: int64, unit: "1", doc: "last such period"}
  - {name: age_at_first, type: int64, unit: "periods", doc: "periods in the stage at first_period, from history before the panel; 1 = just entered. A lower bound when left_open"}
  - {name: left_open, type: bool, unit: "1", doc: "the entry into the stage was not observed: it lies before the first loaded day or in burn-in"}
  - {name: prev_stage, type: string, nullable: true, doc: "the stage before; NULL when he is first seen or the entry was not observed"}
  - {name: next_stage, type: string, nullable: true, doc: "the stage after; NULL when the run reaches the last complete period"}
  - {name: clean_first, type: int64, unit: "1", nullable: true, doc: "first period of the run that is not burn-in; NULL when all are"}
  - {name: clean_age, type: int64, unit: "periods", nullable: true, doc: "age at clean_first"}
---*/
WITH stays AS (
  SELECT ck, period, stage, LAG(x_nul(stage)) OVER w AS before, LEAD(x_nul(stage)) OVER w AS after, LEAD(x_nul(period)) OVER w AS next_period
  FROM lifecycle.fct_stage_changes
  WHERE changed
  WINDOW w AS (PARTITION BY ck ORDER BY period NULLS LAST)
),
panel AS (
  SELECT s.ck, c.bucket, s.stage, s.period, s.before, s.after, p.clean_first AS clean,
    GREATEST(s.period, p.first_period) AS first_period,
    COALESCE(s.next_period - 1, p.last_period) AS last_period,
    s.period > p.clean_first OR s.before IS NULL AND s.period >= p.clean_first AND c.first_seen_day >= p.grid_start_day AS entered
  FROM stays s CROSS JOIN lifecycle.fct_panel p JOIN core.customers c ON c.ck = s.ck
  WHERE s.next_period IS NULL OR s.next_period > p.first_period
)
SELECT ck, bucket, stage, first_period, last_period,
  first_period - GREATEST(period, LEAST(clean, first_period)) + 1 AS age_at_first,
  NOT entered AS left_open,
  CASE WHEN entered THEN before END AS prev_stage,
  after AS next_stage,
  CASE WHEN last_period >= clean THEN GREATEST(first_period, clean) END AS clean_first,
  CASE WHEN last_period >= clean THEN GREATEST(first_period, clean) - GREATEST(period, clean) + 1 END AS clean_age
FROM panel
