/*---
table: analytics.red_content_slots
block: content
grain: [slot]
reads: [analytics.fct_content_slots, core.cfg_scenarios]
doc: analytics.fct_content_slots with the role of the scenario, for Go; of more than 200,000 those with most messages.
max_rows: 200000
columns:
  - {name: slot, type: int64, unit: "1", doc: "analytics.fct_content_slots.slot"}
  - {name: use_slot, type: int64, unit: "1", doc: "smallest slot of template, channel, kind and scenario"}
  - {name: chain, type: int64, unit: "1", doc: "smallest slot of channel, kind and scenario"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, doc: "bulk, trigger or transactional; empty when not given"}
  - {name: scenario_id, type: string, doc: "scenario; empty without one"}
  - {name: role, type: string, doc: "its role in audit.yaml; empty when not given"}
  - {name: step_id, type: string, doc: "step; empty without one"}
  - {name: template_id, type: string, nullable: true, doc: "template; NULL without one"}
  - {name: audited, type: int64, unit: "messages", doc: "sent in the audited window"}
  - {name: recent, type: int64, unit: "messages", doc: "of them in its last 28 days"}
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "day of the first send of the loaded history"}
  - {name: last_day, type: int64, unit: "days since 1970-01-01", doc: "day of the last send up to the end of the audited window"}
---*/
WITH placed AS (
  SELECT slot, use_slot, chain, channel, kind, scenario_id, step_id, template_id, audited, recent, first_day, last_day, ROW_NUMBER() OVER (ORDER BY audited DESC NULLS LAST, slot NULLS LAST) AS n
  FROM analytics.fct_content_slots
)
SELECT CAST(p.slot AS BIGINT) AS slot, CAST(p.use_slot AS BIGINT) AS use_slot, CAST(p.chain AS BIGINT) AS chain, CAST(p.channel AS VARCHAR) AS channel, COALESCE(CAST(p.kind AS VARCHAR), '') AS kind,
  COALESCE(CAST(p.scenario_id AS VARCHAR), '') AS scenario_id, COALESCE(CAST(c.role AS VARCHAR), '') AS role, COALESCE(CAST(p.step_id AS VARCHAR), '') AS step_id, CAST(p.template_id AS VARCHAR) AS template_id,
  p.audited, p.recent, p.first_day, p.last_day
FROM placed p LEFT JOIN core.cfg_scenarios c ON CAST(c.scenario_id AS VARCHAR) = CAST(p.scenario_id AS VARCHAR)
WHERE p.n <= 200000
