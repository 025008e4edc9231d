/*---
table: scenarios.fct_trigger_starts
block: triggers
grain: [position, entity, start_sec, deal_id, owner]
reads: [core.cfg_activity_events, core.cfg_audit, core.cfg_lifecycle, core.cfg_triggers, core.customers, core.deals, core.enrolments, core.events, core.tasks, scenarios.fct_trigger_deals]
doc: >-
  What has to be answered by the trigger rules within the audited period, at the instant at which the clock starts. Things that happen to
  one customer in the same second are one.
columns:
  - {name: position, type: int64, unit: "1", doc: "rule, core.cfg_triggers"}
  - {name: entity, type: int64, unit: "1", nullable: true, doc: "who must be answered: customer key, or minus the deal key; NULL when the row names neither"}
  - {name: start_sec, type: int64, unit: seconds, doc: "the clock starts, Unix seconds"}
  - {name: deal_id, type: string, nullable: true, doc: "deal, for rules about deals"}
  - {name: owner, type: string, nullable: true, doc: "responsible employee: of the deal, of the task, else of the customer"}
---*/
WITH activity AS (
  SELECT r.position, r.after_seconds, e.ck, x_sec(e.occurred_at) AS at_sec
  FROM core.cfg_triggers r
  CROSS JOIN core.cfg_lifecycle l
  JOIN core.events e ON CAST(e.name AS VARCHAR) = r.when_name OR r.when_name = ''
  LEFT JOIN core.cfg_activity_events a ON a.name = CAST(e.name AS VARCHAR)
  WHERE r.when_kind = 'idle' AND (r.when_name <> '' OR l.all_activity OR a.name IS NOT NULL)
),
pauses AS (
  SELECT position, after_seconds, ck, at_sec, LEAD(x_nul(at_sec)) OVER (PARTITION BY position, ck ORDER BY at_sec NULLS LAST) AS next_sec
  FROM activity
),
moves AS (
  SELECT k.dk, d.deal_id, d.ck, d.owner, CAST(d.stage AS VARCHAR) AS stage, CAST(d.outcome AS VARCHAR) AS outcome, x_sec(d.entered_at) AS at_sec,
    LEAD(x_nul(x_sec(d.entered_at))) OVER (PARTITION BY d.deal_id ORDER BY d.entered_at NULLS LAST, d.stage NULLS LAST) AS next_sec
  FROM core.deals d JOIN scenarios.fct_trigger_deals k ON k.deal_id = d.deal_id
),
starts AS (
  SELECT r.position, e.ck AS entity, e.ck, x_sec(e.occurred_at) + r.after_seconds AS start_sec, CAST(NULL AS VARCHAR) AS deal_id, CAST(NULL AS VARCHAR) AS owner
  FROM core.cfg_triggers r JOIN core.events e ON CAST(e.name AS VARCHAR) = r.when_name
  WHERE r.when_kind = 'event'
  UNION ALL
  SELECT position, ck, ck, at_sec + after_seconds, NULL, NULL
  FROM pauses
  WHERE next_sec IS NULL OR next_sec >= at_sec + after_seconds
  UNION ALL
  SELECT r.position, c.ck, c.ck, x_sec(c.created_at) + r.after_seconds, NULL, NULL
  FROM core.cfg_triggers r CROSS JOIN core.customers c
  WHERE r.when_kind = 'customer_created' AND c.created_at IS NOT NULL
  UNION ALL
  SELECT r.position, CASE WHEN r.by_deal THEN -m.dk ELSE m.ck END, m.ck, m.at_sec + r.after_seconds, m.deal_id, m.owner
  FROM core.cfg_triggers r JOIN moves m ON m.stage = r.when_name
  WHERE r.when_kind = 'deal'
  UNION ALL
  SELECT r.position, CASE WHEN r.by_deal THEN -m.dk ELSE m.ck END, m.ck, m.at_sec + r.after_seconds, m.deal_id, m.owner
  FROM core.cfg_triggers r JOIN moves m ON m.stage = r.when_name OR r.when_name = ''
  WHERE r.when_kind = 'deal_idle' AND COALESCE(m.outcome, 'open') = 'open' AND (m.next_sec IS NULL OR m.next_sec >= m.at_sec + r.after_seconds)
  UNION ALL
  SELECT r.position, e.ck, e.ck, x_sec(e.entered_at) + r.after_seconds, NULL, NULL
  FROM core.cfg_triggers r JOIN core.enrolments e ON CAST(e.scenario_id AS VARCHAR) = r.when_name
  WHERE r.when_kind = 'enrolled'
  UNION ALL
  SELECT r.position, e.ck, e.ck, x_sec(e.exited_at) + r.after_seconds, NULL, NULL
  FROM core.cfg_triggers r JOIN core.enrolments e ON CAST(e.scenario_id AS VARCHAR) = r.when_name
  WHERE r.when_kind = 'exited' AND e.exited_at IS NOT NULL
  UNION ALL
  SELECT r.position, CASE WHEN r.by_deal THEN -k.dk ELSE COALESCE(t.ck, k.ck) END, COALESCE(t.ck, k.ck), x_sec(t.due_at) + r.after_seconds, t.deal_id, t.owner
  FROM core.cfg_triggers r CROSS JOIN core.tasks t LEFT JOIN scenarios.fct_trigger_deals k ON k.deal_id = t.deal_id
  WHERE r.when_kind = 'task_due' AND t.due_at IS NOT NULL AND (t.done_at IS NULL OR t.done_at > t.due_at)
)
SELECT s.position, s.entity, s.start_sec, CAST(s.deal_id AS VARCHAR) AS deal_id, CAST(COALESCE(s.owner, c.owner) AS VARCHAR) AS owner
FROM starts s
CROSS JOIN core.cfg_audit b
LEFT JOIN core.customers c ON c.ck = s.ck
WHERE s.start_sec >= b.from_sec AND s.start_sec < b.to_sec
GROUP BY s.position, s.entity, s.start_sec, CAST(s.deal_id AS VARCHAR), CAST(COALESCE(s.owner, c.owner) AS VARCHAR)
