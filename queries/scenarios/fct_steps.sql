/*---
table: scenarios.fct_steps
grain: [sk, position]
reads: [core.cfg_scenario_steps, scenarios.fct_scenarios, scenarios.fct_sends]
doc: >-
  The steps of every chain in order: that of the definition, then the steps that only messages show, in the order of their mean delay
  after the entry. A defined step that was never sent is here too.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: position, type: int64, unit: "1", doc: "place of the step, 1 = first"}
  - {name: step_id, type: string, doc: "step"}
  - {name: defined, type: bool, unit: "1", doc: "audit.yaml names it"}
  - {name: after_sec, type: int64, unit: "seconds", nullable: true, doc: "delay after the entry that audit.yaml gives"}
  - {name: sends, type: int64, unit: "messages", doc: "sent in audited entries"}
  - {name: delay_sec, type: int64, unit: "seconds", nullable: true, doc: "mean time after the entry at which it was sent; NULL when it never was"}
  - {name: observed, type: bool, unit: "1", doc: "it was sent in an audited entry"}
  - {name: given, type: bool, unit: "1", doc: "messages say it; else it stands for a template or a place in the entry"}
---*/
WITH seen AS (
  SELECT sk, step_id, COUNT(*) AS n, SUM(CAST(delay_sec AS BIGINT)) AS delay_sum, MAX(CASE WHEN step_given THEN 1 ELSE 0 END) AS given
  FROM scenarios.fct_sends
  GROUP BY sk, step_id
),
defined AS (
  SELECT s.sk, d.step_id, d.position, d.after_seconds
  FROM core.cfg_scenario_steps d JOIN scenarios.fct_scenarios s ON s.scenario_id = d.scenario_id
  WHERE NOT s.bulk
),
steps AS (
  SELECT COALESCE(d.sk, x.sk) AS sk, COALESCE(d.step_id, x.step_id) AS step_id, d.position, d.after_seconds, x_idiv(x.delay_sum, x.n) AS delay, x.n, x.given
  FROM defined d FULL JOIN seen x ON x.sk = d.sk AND x.step_id = d.step_id
)
SELECT sk, CAST(ROW_NUMBER() OVER (PARTITION BY sk ORDER BY position NULLS LAST, delay NULLS LAST, step_id NULLS LAST) AS INTEGER) AS position, step_id,
  position IS NOT NULL AS defined, after_seconds AS after_sec, COALESCE(n, 0) AS sends, delay AS delay_sec, n IS NOT NULL AS observed, COALESCE(given, 0) = 1 AS given
FROM steps
