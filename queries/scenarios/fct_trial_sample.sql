/*---
table: scenarios.fct_trial_sample
block: effects
grain: [from_day]
reads: [core.customers, scenarios.fct_trial_scenarios]
doc: How many customers make the panel of comparators, one row; none when no scenario is tried. About 800,000 pairs of customer and day at most, whatever the size of the base, and fewer with more than 20 scenarios, each of which looks at all of them.
columns:
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first day of any trial"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last"}
  - {name: every, type: int64, unit: "1", doc: "one customer in so many is in the panel, by a fixed rule"}
---*/
WITH span AS (
  SELECT MIN(from_day) AS from_day, MAX(to_day) AS to_day, COUNT(DISTINCT weekday) AS weekdays, GREATEST(MAX(scenarios), 20) AS scenarios FROM scenarios.fct_trial_scenarios WHERE trial AND from_day < to_day
)
SELECT s.from_day, s.to_day, 1 + x_idiv(COUNT(*) * (1 + s.weekdays) * (1 + x_idiv(s.to_day - s.from_day, 7)) * s.scenarios, 16000000) AS every
FROM span s CROSS JOIN core.customers c
WHERE s.from_day IS NOT NULL
GROUP BY s.from_day, s.to_day, s.weekdays, s.scenarios
