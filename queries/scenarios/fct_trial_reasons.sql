/*---
table: scenarios.fct_trial_reasons
block: effects
grain: [sk, ck, day]
reads: [core.calendar, core.cfg_caps, core.messages, core.zone_offsets, scenarios.fct_entries, scenarios.fct_scenarios, scenarios.fct_trial_units]
doc: >-
  Why units of the emulated trials did not enter, the first reason that the data show; units without one are not here. Reasons 1 to 3 are what was so before time zero and are asked of entrants too, the
  others are asked of comparators only. Whoever has unsubscribed before is no unit. Caps of single channels are not looked at: which channel the scenario would have taken is not known.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "time zero"}
  - {name: reason, type: int64, unit: "1", doc: "1 the last message before bounced for good; 2 in the 28 days before messages to him were decided against and none was sent (no consent, a list of exclusions); 3 as many messages in the 7 days before as the cap of a week over all channels allows; 4 a message of the scenario was decided against on the day or the next; 5 nobody entered the scenario within 3 days; 6 entered within the outcome window"}
---*/
WITH people AS (
  SELECT ck FROM scenarios.fct_trial_units GROUP BY ck
),
points AS (
  SELECT ck, day FROM scenarios.fct_trial_units GROUP BY ck, day
),
hard AS (
  SELECT m.ck FROM core.messages m JOIN people p ON p.ck = m.ck WHERE m.bounce_type = 'hard' AND m.sent_day IS NOT NULL GROUP BY m.ck
),
mailed AS (
  SELECT m.ck, m.sent_day AS day, MIN(CASE WHEN m.bounce_type = 'hard' THEN 1 ELSE 0 END) AS hard
  FROM core.messages m JOIN hard h ON h.ck = m.ck WHERE m.sent_day IS NOT NULL GROUP BY m.ck, m.sent_day
),
spans AS (
  SELECT ck, day, hard, COALESCE(x_nul(LEAD(x_nul(day)) OVER (PARTITION BY ck ORDER BY day NULLS LAST)), 1000000) AS next_day FROM mailed
),
bounced AS (
  SELECT p.ck, p.day FROM points p JOIN spans s ON s.ck = p.ck AND s.hard = 1 AND s.day < p.day AND s.next_day >= p.day GROUP BY p.ck, p.day
),
against AS (
  SELECT m.ck, m.scenario_id, x_idiv(x_sec(m.not_sent_at) + COALESCE(z.offset_seconds, 0), 86400) AS day
  FROM core.messages m JOIN people p ON p.ck = m.ck
  LEFT JOIN core.zone_offsets z ON z.zone = '' AND z.from_sec <= x_sec(m.not_sent_at) AND z.to_sec > x_sec(m.not_sent_at)
  WHERE m.sent_day IS NULL AND m.not_sent_at IS NOT NULL
),
decided AS (
  SELECT p.ck, p.day FROM points p JOIN (SELECT ck, day FROM against GROUP BY ck, day) a ON a.ck = p.ck AND a.day < p.day AND a.day >= p.day - 28 GROUP BY p.ck, p.day
),
reached AS (
  SELECT d.ck, d.day FROM decided d JOIN core.messages m ON m.ck = d.ck AND m.sent_day < d.day AND m.sent_day >= d.day - 28 GROUP BY d.ck, d.day
),
capped AS (
  SELECT p.ck, p.day
  FROM points p
  JOIN core.cfg_caps c ON c.time_window = 'week' AND c.channel = 'any'
  JOIN core.messages m ON m.ck = p.ck AND m.sent_day < p.day AND m.sent_day >= p.day - 7
  GROUP BY p.ck, p.day, c.cap
  HAVING COUNT(*) >= c.cap
),
refused AS (
  SELECT s.sk, a.ck, a.day FROM against a JOIN scenarios.fct_scenarios s ON s.scenario_id = a.scenario_id
),
skipped AS (
  SELECT r.sk, r.ck, r.day FROM (SELECT sk, ck, day FROM refused UNION ALL SELECT sk, ck, day - 1 FROM refused) r GROUP BY r.sk, r.ck, r.day
),
busy AS (
  SELECT sk, entered_day AS day FROM scenarios.fct_entries WHERE NOT control GROUP BY sk, entered_day
),
running AS (
  SELECT b.sk, c.day FROM busy b JOIN core.calendar c ON c.day >= b.day - 3 AND c.day <= b.day + 3 GROUP BY b.sk, c.day
),
later AS (
  SELECT u.sk, u.ck, u.day
  FROM scenarios.fct_trial_units u JOIN scenarios.fct_entries e ON e.sk = u.sk AND e.ck = u.ck AND e.entered_day > u.day AND e.entered_day <= u.day + u.horizon_days
  WHERE NOT u.treated AND NOT e.control
  GROUP BY u.sk, u.ck, u.day
),
named AS (
  SELECT u.sk, u.ck, u.day,
    CASE WHEN b.ck IS NOT NULL THEN 1 WHEN d.ck IS NOT NULL AND r.ck IS NULL THEN 2 WHEN c.ck IS NOT NULL THEN 3 WHEN u.treated THEN 0 WHEN s.ck IS NOT NULL THEN 4 WHEN a.sk IS NULL THEN 5
      WHEN l.ck IS NOT NULL THEN 6 ELSE 0 END AS reason
  FROM scenarios.fct_trial_units u
  LEFT JOIN bounced b ON b.ck = u.ck AND b.day = u.day
  LEFT JOIN decided d ON d.ck = u.ck AND d.day = u.day
  LEFT JOIN reached r ON r.ck = u.ck AND r.day = u.day
  LEFT JOIN capped c ON c.ck = u.ck AND c.day = u.day
  LEFT JOIN skipped s ON s.sk = u.sk AND s.ck = u.ck AND s.day = u.day
  LEFT JOIN running a ON a.sk = u.sk AND a.day = u.day
  LEFT JOIN later l ON l.sk = u.sk AND l.ck = u.ck AND l.day = u.day
)
SELECT sk, ck, day, CAST(reason AS INTEGER) AS reason FROM named WHERE reason > 0
