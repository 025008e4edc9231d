/*---
table: analytics.red_level_slots
block: personalization
grain: [slot]
reads: [analytics.fct_content_sample, analytics.fct_content_slots]
doc: analytics.fct_content_slots with what personalization needs of it; of more than 200,000 those with most messages.
max_rows: 200000
columns:
  - {name: slot, type: int64, unit: "1", doc: "analytics.fct_content_slots.slot"}
  - {name: chain, type: int64, unit: "1", doc: "smallest slot of channel, kind and scenario"}
  - {name: place, type: int64, unit: "1", doc: "smallest slot of channel, kind, scenario and step"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, doc: "bulk, trigger or transactional; empty when not given"}
  - {name: scenario_id, type: string, doc: "scenario; empty without one"}
  - {name: step_id, type: string, doc: "step; empty without one"}
  - {name: variant, type: string, doc: "variant; empty without one"}
  - {name: level, type: string, doc: "none, basic, contextual or behavioural; empty when not given"}
  - {name: audited, type: int64, unit: "messages", doc: "sent in the audited window"}
  - {name: buckets, type: int64, unit: "1", doc: "customer buckets that responses are estimated on, the same in every row"}
---*/
WITH placed AS (
  SELECT slot, chain, place, channel, kind, scenario_id, step_id, variant, personalization, audited, ROW_NUMBER() OVER (ORDER BY audited DESC NULLS LAST, slot NULLS LAST) AS n
  FROM analytics.fct_content_slots
)
SELECT CAST(p.slot AS BIGINT) AS slot, CAST(p.chain AS BIGINT) AS chain, CAST(p.place AS BIGINT) AS place, CAST(p.channel AS VARCHAR) AS channel, COALESCE(CAST(p.kind AS VARCHAR), '') AS kind,
  COALESCE(CAST(p.scenario_id AS VARCHAR), '') AS scenario_id, COALESCE(CAST(p.step_id AS VARCHAR), '') AS step_id, COALESCE(CAST(p.variant AS VARCHAR), '') AS variant,
  COALESCE(CAST(p.personalization AS VARCHAR), '') AS level, p.audited, CAST(b.buckets AS BIGINT) AS buckets
FROM placed p CROSS JOIN analytics.fct_content_sample b
WHERE p.n <= 200000
