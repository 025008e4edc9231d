/*---
table: scenarios.fct_trigger_answers
block: triggers
grain: [position, entity, at_sec]
reads: [core.cfg_audit, core.cfg_triggers, core.deals, core.enrolments, core.events, core.messages, core.tasks, scenarios.fct_trigger_deals]
doc: What the trigger rules accept as an answer, from the begin of the audited period on.
columns:
  - {name: position, type: int64, unit: "1", doc: "rule, core.cfg_triggers"}
  - {name: entity, type: int64, unit: "1", doc: "who was answered: customer key, or minus the deal key"}
  - {name: at_sec, type: int64, unit: seconds, doc: "when, Unix seconds"}
  - {name: channel, type: string, nullable: true, doc: "channel, for messages; the first by name of several in one second"}
---*/
WITH answers AS (
  SELECT r.position, e.ck AS entity, x_sec(e.occurred_at) AS at_sec, CAST(NULL AS VARCHAR) AS channel
  FROM core.cfg_triggers r JOIN core.events e ON CAST(e.name AS VARCHAR) = r.expect_name
  WHERE r.expect_kind = 'event'
  UNION ALL
  SELECT r.position, e.ck, x_sec(e.occurred_at), NULL
  FROM core.cfg_triggers r JOIN core.events e ON CAST(e.name AS VARCHAR) = r.expect_kind
  WHERE r.expect_kind IN ('task_created', 'task_done') AND NOT r.by_deal
  UNION ALL
  SELECT r.position, m.ck, x_sec(m.sent_at), CAST(m.channel AS VARCHAR)
  FROM core.cfg_triggers r JOIN core.messages m ON CAST(m.scenario_id AS VARCHAR) = r.expect_name
  WHERE r.expect_kind = 'message' AND m.sent_at IS NOT NULL
  UNION ALL
  SELECT r.position, m.ck, x_sec(m.sent_at), CAST(m.channel AS VARCHAR)
  FROM core.cfg_triggers r CROSS JOIN core.messages m
  WHERE r.expect_kind = 'message' AND r.expect_name = '' AND m.sent_at IS NOT NULL
  UNION ALL
  SELECT r.position, CASE WHEN r.by_deal THEN -k.dk ELSE COALESCE(t.ck, k.ck) END, x_sec(CASE WHEN r.expect_kind = 'task_done' THEN t.done_at ELSE t.created_at END), NULL
  FROM core.cfg_triggers r CROSS JOIN core.tasks t LEFT JOIN scenarios.fct_trigger_deals k ON k.deal_id = t.deal_id
  WHERE r.expect_kind = 'task_created' OR r.expect_kind = 'task_done' AND t.done_at IS NOT NULL
  UNION ALL
  SELECT r.position, CASE WHEN r.by_deal THEN -k.dk ELSE d.ck END, x_sec(d.entered_at), NULL
  FROM core.cfg_triggers r CROSS JOIN core.deals d JOIN scenarios.fct_trigger_deals k ON k.deal_id = d.deal_id
  WHERE r.expect_kind = 'deal_moved' OR r.expect_kind = 'deal' AND CAST(d.stage AS VARCHAR) = r.expect_name
  UNION ALL
  SELECT r.position, e.ck, x_sec(e.entered_at), NULL
  FROM core.cfg_triggers r JOIN core.enrolments e ON CAST(e.scenario_id AS VARCHAR) = r.expect_name
  WHERE r.expect_kind = 'enrolled'
)
SELECT a.position, a.entity, a.at_sec, MIN(a.channel) AS channel
FROM answers a CROSS JOIN core.cfg_audit b
WHERE a.entity IS NOT NULL AND a.at_sec >= b.from_sec
GROUP BY a.position, a.entity, a.at_sec
