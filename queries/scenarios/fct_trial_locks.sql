/*---
table: scenarios.fct_trial_locks
block: effects
grain: [sk]
reads: [scenarios.fct_trial_entries, scenarios.fct_trial_points, scenarios.fct_trial_scenarios, scenarios.fct_trial_starts]
doc: >-
  What the trigger of each tried scenario is, read off its entrants. With trigger events (fct_trial_starts) the event is the condition. Otherwise, where the middle 90 % of
  entrants lie within 7 days of recency (or of tenure), that range is the condition, and comparators must be in it; else the cells of the entrants are all there is.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: by_event, type: bool, unit: "1", doc: "trials begin with the trigger event"}
  - {name: recency_from, type: int64, unit: "days", doc: "least days since the last order of a comparator"}
  - {name: recency_to, type: int64, unit: "days", doc: "most days; 0 to 100000 is no condition"}
  - {name: tenure_from, type: int64, unit: "days", doc: "least days since first seen"}
  - {name: tenure_to, type: int64, unit: "days", doc: "most days; 0 to 100000 is no condition"}
---*/
WITH entrants AS (
  SELECT x.sk, p.recency_days, p.tenure_days, COUNT(*) OVER (PARTITION BY x.sk) AS n,
    ROW_NUMBER() OVER (PARTITION BY x.sk ORDER BY p.recency_days NULLS LAST, p.ck NULLS LAST, p.day NULLS LAST) AS recency_place,
    ROW_NUMBER() OVER (PARTITION BY x.sk ORDER BY p.tenure_days NULLS LAST, p.ck NULLS LAST, p.day NULLS LAST) AS tenure_place
  FROM scenarios.fct_trial_entries x JOIN scenarios.fct_trial_points p ON p.ck = x.ck AND p.day = x.day
),
middle AS (
  SELECT sk,
    MIN(CASE WHEN 20 * recency_place > n THEN recency_days END) AS recency_from, MAX(CASE WHEN 20 * recency_place <= 19 * n + 19 THEN recency_days END) AS recency_to,
    MIN(CASE WHEN 20 * tenure_place > n THEN tenure_days END) AS tenure_from, MAX(CASE WHEN 20 * tenure_place <= 19 * n + 19 THEN tenure_days END) AS tenure_to
  FROM entrants
  GROUP BY sk
),
events AS (
  SELECT sk FROM scenarios.fct_trial_starts GROUP BY sk
)
SELECT s.sk, v.sk IS NOT NULL AS by_event,
  CASE WHEN m.recency_to - m.recency_from <= 7 AND m.recency_to < 100000 THEN m.recency_from ELSE 0 END AS recency_from,
  CASE WHEN m.recency_to - m.recency_from <= 7 AND m.recency_to < 100000 THEN m.recency_to ELSE 100000 END AS recency_to,
  CASE WHEN m.tenure_to - m.tenure_from <= 7 AND m.tenure_to < 100000 THEN m.tenure_from ELSE 0 END AS tenure_from,
  CASE WHEN m.tenure_to - m.tenure_from <= 7 AND m.tenure_to < 100000 THEN m.tenure_to ELSE 100000 END AS tenure_to
FROM scenarios.fct_trial_scenarios s
JOIN middle m ON m.sk = s.sk
LEFT JOIN events v ON v.sk = s.sk
