/*---
table: segments.red_pair_scenarios
block: pairs
grain: [place]
reads: [core.messages, segments.fct_pair_days]
doc: The main scenarios, whose response is compared between segments - the three with most messages sent in the windows, transactional ones left out.
max_rows: 3
columns:
  - {name: place, type: int64, unit: "1", doc: "1 = the one with most messages"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: messages, type: int64, unit: "messages", doc: "sent in the windows"}
---*/
WITH sent AS (
  SELECT m.scenario_id, COUNT(*) AS messages
  FROM core.messages m JOIN segments.fct_pair_days d ON d.day = m.sent_day
  WHERE d.ripe AND m.scenario_id IS NOT NULL AND COALESCE(m.kind <> 'transactional', TRUE)
  GROUP BY m.scenario_id
),
placed AS (
  SELECT ROW_NUMBER() OVER (ORDER BY messages DESC NULLS LAST, CAST(scenario_id AS VARCHAR) NULLS LAST) AS place, CAST(scenario_id AS VARCHAR) AS scenario_id, messages
  FROM sent
)
SELECT place, scenario_id, messages FROM placed WHERE place <= 3
