/*---
table: scenarios.fct_trial_scenarios
block: effects
grain: [sk]
reads: [core.calendar, core.cfg_scenarios, scenarios.fct_entries, scenarios.fct_messages, scenarios.fct_scenarios, scenarios.fct_window]
doc: >-
  How each scenario's effect is looked for: the outcome window (the smallest of 7, 14, 28, 56, 84 days that holds the goal, else the active time, else 28), the days that may be time zero,
  and whether emulated trials can be tried: entries in the window, not a calendar campaign, no control arm of its own. Of large scenarios one customer in treated_every is looked at.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: trigger, type: string, nullable: true, doc: "the trigger as defined"}
  - {name: horizon_days, type: int64, unit: "days", doc: "outcomes count on the days (d, d + horizon_days], d = time zero; also the time without an entry before d (washout)"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "first day that may be time zero"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last: the outcome window ends within the loaded history"}
  - {name: entries, type: int64, unit: "entries", doc: "entries of treated customers in the window"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers of them"}
  - {name: controls, type: int64, unit: "customers", doc: "different customers of the control arm in the window"}
  - {name: bulk, type: bool, unit: "1", doc: "a calendar campaign"}
  - {name: trial, type: bool, unit: "1", doc: "emulated trials are tried"}
  - {name: scenarios, type: int64, unit: "scenarios", doc: "how many scenarios are tried in all"}
  - {name: treated_every, type: int64, unit: "1", doc: "one customer in so many is sampled, by a fixed rule"}
  - {name: weekday, type: int64, unit: "1", nullable: true, doc: "1 Monday to 7 Sunday when at least 90 % of entries fall on one weekday (a batch job); comparators are then taken on that weekday too"}
---*/
WITH horizons AS (
  SELECT s.sk, s.scenario_id, s.bulk, d.trigger,
    CASE WHEN COALESCE(d.goal_days, d.window_days, 28) <= 7 THEN 7 WHEN COALESCE(d.goal_days, d.window_days, 28) <= 14 THEN 14
      WHEN COALESCE(d.goal_days, d.window_days, 28) <= 28 THEN 28 WHEN COALESCE(d.goal_days, d.window_days, 28) <= 56 THEN 56 ELSE 84 END AS horizon_days
  FROM scenarios.fct_scenarios s LEFT JOIN core.cfg_scenarios d ON d.scenario_id = s.scenario_id
),
spans AS (
  SELECT h.sk, h.scenario_id, h.bulk, h.trigger, h.horizon_days, w.from_day, GREATEST(w.from_day, LEAST(w.to_day, w.end_day - h.horizon_days)) AS to_day
  FROM horizons h CROSS JOIN scenarios.fct_window w
),
dated AS (
  SELECT sk, entered_day AS day, COUNT(*) AS entries FROM scenarios.fct_entries WHERE NOT control GROUP BY sk, entered_day
  UNION ALL
  SELECT sk, day, COUNT(*) FROM scenarios.fct_messages WHERE campaign GROUP BY sk, day
),
days AS (
  SELECT e.sk, c.weekday, SUM(e.entries) AS entries
  FROM dated e JOIN spans s ON s.sk = e.sk JOIN core.calendar c ON c.day = e.day
  WHERE e.day >= s.from_day AND e.day < s.to_day
  GROUP BY e.sk, c.weekday
),
entered AS (
  SELECT sk, ck, entered_day AS day, control FROM scenarios.fct_entries
  UNION ALL
  SELECT sk, ck, day, FALSE FROM scenarios.fct_messages WHERE campaign
),
tops AS (
  SELECT sk, SUM(entries) AS entries, MAX(entries) AS top FROM days GROUP BY sk
),
locked AS (
  SELECT d.sk, MIN(d.weekday) AS weekday FROM days d JOIN tops t ON t.sk = d.sk AND t.top = d.entries
  WHERE 10 * t.top >= 9 * t.entries GROUP BY d.sk
),
customers AS (
  SELECT c.sk, SUM(CASE WHEN c.control THEN 0 ELSE 1 END) AS treated, SUM(CASE WHEN c.control THEN 1 ELSE 0 END) AS controls
  FROM (SELECT e.sk, e.ck, e.control FROM entered e JOIN spans s ON s.sk = e.sk
    WHERE e.day >= s.from_day AND e.day < s.to_day GROUP BY e.sk, e.ck, e.control) c
  GROUP BY c.sk
),
joined AS (
  SELECT s.sk, s.scenario_id, s.bulk, s.trigger, s.horizon_days, s.from_day, s.to_day, COALESCE(t.entries, 0) AS entries, COALESCE(c.treated, 0) AS customers,
    COALESCE(c.controls, 0) AS controls, NOT s.bulk AND COALESCE(t.entries, 0) > 0 AND COALESCE(c.controls, 0) < 30 AS trial, l.weekday
  FROM spans s LEFT JOIN tops t ON t.sk = s.sk LEFT JOIN customers c ON c.sk = s.sk LEFT JOIN locked l ON l.sk = s.sk
),
counted AS (
  SELECT COUNT(*) AS scenarios FROM joined WHERE trial
)
SELECT j.sk, j.scenario_id, j.trigger, j.horizon_days, j.from_day, j.to_day, CAST(j.entries AS BIGINT) AS entries, CAST(j.customers AS BIGINT) AS customers,
  CAST(j.controls AS BIGINT) AS controls, j.bulk, j.trial, n.scenarios, 1 + CAST(x_idiv(CAST(j.entries AS BIGINT) * n.scenarios, 400000) AS BIGINT) AS treated_every, j.weekday
FROM joined j CROSS JOIN counted n
