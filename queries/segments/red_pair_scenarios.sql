/*---
table: segments.red_pair_scenarios
block: pairs
grain: [place]
reads: [core.messages, segments.red_pair_window]
doc: The main scenarios, whose response is compared between segments - the three with most messages sent in the window, transactional ones left out.
max_rows: 3
columns:
  - {name: place, type: int64, unit: "1", doc: "1 = the one with most messages"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: messages, type: int64, unit: "messages", doc: "sent in the window"}
---*/
WITH sent AS (
  SELECT m.scenario_id, COUNT(*) AS messages
  FROM core.messages m CROSS JOIN segments.red_pair_window w
  WHERE m.sent_day >= w.from_day AND m.sent_day < w.sent_to_day AND m.scenario_id IS NOT NULL AND COALESCE(m.kind <> 'transactional', TRUE)
  GROUP BY m.scenario_id
),
placed AS (
  SELECT ROW_NUMBER() OVER (ORDER BY messages DESC NULLS LAST, CAST(scenario_id AS VARCHAR) NULLS LAST) AS place, CAST(scenario_id AS VARCHAR) AS scenario_id, messages
  FROM sent
)
SELECT place, scenario_id, messages FROM placed WHERE place <= 3
