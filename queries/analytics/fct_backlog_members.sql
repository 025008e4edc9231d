/*---
table: analytics.fct_backlog_members
block: backlog
grain: [kind, name, ck]
reads: [analytics.fct_backlog_sample, core.messages, scenarios.fct_entries, scenarios.fct_message_scenarios, scenarios.fct_scenarios, scenarios.fct_stage_days, scenarios.fct_stages, scenarios.fct_window, segments.fct_members, segments.fct_segments]
doc: >-
  Which sampled customers a change would concern - those who were in a stage, in a scenario (entered it, or were sent its campaign) or in a segment at some time of the last 91 days of the audited window.
columns:
  - {name: kind, type: string, doc: "stage, scenario or segment"}
  - {name: name, type: string, doc: "its name"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
---*/
SELECT 'stage' AS kind, t.stage AS name, d.ck
FROM scenarios.fct_stage_days d
JOIN analytics.fct_backlog_sample s ON s.ck = d.ck
JOIN scenarios.fct_stages t ON t.st = d.st
CROSS JOIN scenarios.fct_window w
WHERE d.to_day > GREATEST(w.from_day, w.to_day - 91) AND d.from_day < w.to_day
GROUP BY t.stage, d.ck
UNION ALL
SELECT 'scenario', c.scenario_id, e.ck
FROM scenarios.fct_entries e
JOIN analytics.fct_backlog_sample s ON s.ck = e.ck
JOIN scenarios.fct_scenarios c ON c.sk = e.sk AND NOT c.bulk
CROSS JOIN scenarios.fct_window w
WHERE e.entered_day >= GREATEST(w.from_day, w.to_day - 91) AND e.entered_day < w.to_day
GROUP BY c.scenario_id, e.ck
UNION ALL
SELECT 'scenario', c.scenario_id, m.ck
FROM core.messages m
JOIN analytics.fct_backlog_sample s ON s.ck = m.ck
JOIN scenarios.fct_message_scenarios x ON x.scenario_id = m.scenario_id AND x.bulk
JOIN scenarios.fct_scenarios c ON c.sk = x.sk
CROSS JOIN scenarios.fct_window w
WHERE m.sent_day >= GREATEST(w.from_day, w.to_day - 91) AND m.sent_day < w.to_day
GROUP BY c.scenario_id, m.ck
UNION ALL
SELECT 'segment', g.segment_id, m.ck
FROM segments.fct_members m
JOIN analytics.fct_backlog_sample s ON s.ck = m.ck
JOIN segments.fct_segments g ON g.gk = m.gk
CROSS JOIN scenarios.fct_window w
WHERE m.to_day > GREATEST(w.from_day, w.to_day - 91) AND m.from_day < w.to_day
GROUP BY g.segment_id, m.ck
