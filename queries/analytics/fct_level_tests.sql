/*---
table: analytics.fct_level_tests
block: personalization
grain: [xk, chain]
reads: [analytics.fct_content_slots, analytics.fct_level_arms, core.assignments]
doc: >-
  Experiments that may have put customers to different levels of personalization: those of which assignments name the scenario, and those without a scenario whose arms are called as variants of messages are. Only channels, kinds and scenarios that
  were sent with two levels or more.
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key, analytics.fct_level_arms.xk"}
  - {name: chain, type: int64, unit: "1", doc: "channel, kind and scenario, analytics.fct_content_slots.chain"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, nullable: true, doc: "kind"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario"}
---*/
WITH levelled AS (
  SELECT chain, channel, kind, scenario_id
  FROM analytics.fct_content_slots
  WHERE personalization IS NOT NULL AND audited > 0
  GROUP BY chain, channel, kind, scenario_id
  HAVING COUNT(DISTINCT personalization) >= 2
),
arms AS (
  SELECT a.xk, a.experiment_id, a.arm FROM analytics.fct_level_arms a GROUP BY a.xk, a.experiment_id, a.arm
),
named AS (
  SELECT CAST(experiment_id AS VARCHAR) AS experiment_id, CAST(scenario_id AS VARCHAR) AS scenario_id FROM core.assignments GROUP BY CAST(experiment_id AS VARCHAR), CAST(scenario_id AS VARCHAR)
),
unnamed AS (
  SELECT experiment_id FROM named GROUP BY experiment_id HAVING COUNT(scenario_id) = 0
),
tests AS (
  SELECT a.xk, l.chain
  FROM arms a
  JOIN named n ON n.experiment_id = a.experiment_id
  JOIN levelled l ON CAST(l.scenario_id AS VARCHAR) = n.scenario_id
  GROUP BY a.xk, l.chain
  UNION ALL
  SELECT a.xk, s.chain
  FROM arms a
  JOIN unnamed u ON u.experiment_id = a.experiment_id
  JOIN analytics.fct_content_slots s ON CAST(s.variant AS VARCHAR) = a.arm
  JOIN levelled l ON l.chain = s.chain
  GROUP BY a.xk, s.chain
  HAVING COUNT(DISTINCT a.arm) >= 2
)
SELECT t.xk, t.chain, l.channel, l.kind, l.scenario_id FROM tests t JOIN levelled l ON l.chain = t.chain
