/*---
table: scenarios.fct_scenarios
grain: [sk]
reads: [core.cfg_scenarios, core.enrolments, core.messages]
doc: Every scenario that is defined, has enrolments, or has messages (sent or decided not to be sent), with a small integer key.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key: rank of scenario_id, dense from 1"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: defined, type: bool, unit: "1", doc: "audit.yaml defines it"}
  - {name: enrolled, type: bool, unit: "1", doc: "it has rows in core.enrolments"}
  - {name: messaged, type: bool, unit: "1", doc: "it has sent messages"}
  - {name: bulk, type: bool, unit: "1", doc: "no enrolments, and more than half of its sent messages are of kind bulk: a calendar campaign, not a chain"}
---*/
WITH parts AS (
  SELECT CAST(scenario_id AS VARCHAR) AS scenario_id, 1 AS defined, 0 AS enrolled, 0 AS sent, 0 AS bulk
  FROM core.cfg_scenarios
  UNION ALL
  SELECT CAST(scenario_id AS VARCHAR), 0, 1, 0, 0
  FROM core.enrolments
  GROUP BY scenario_id
  UNION ALL
  SELECT CAST(scenario_id AS VARCHAR), 0, 0, COUNT(sent_day), SUM(CASE WHEN sent_day IS NOT NULL AND kind = 'bulk' THEN 1 ELSE 0 END)
  FROM core.messages
  WHERE scenario_id IS NOT NULL
  GROUP BY scenario_id
),
scenarios AS (
  SELECT scenario_id, MAX(defined) AS defined, MAX(enrolled) AS enrolled, SUM(sent) AS sent, SUM(bulk) AS bulk
  FROM parts
  GROUP BY scenario_id
)
SELECT CAST(ROW_NUMBER() OVER (ORDER BY scenario_id NULLS LAST) AS INTEGER) AS sk, scenario_id, defined = 1 AS defined, enrolled = 1 AS enrolled,
  sent > 0 AS messaged, enrolled = 0 AND 2 * bulk > sent AS bulk
FROM scenarios
