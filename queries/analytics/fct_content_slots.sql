/*---
table: analytics.fct_content_slots
block: content
grain: [slot]
reads: [core.messages, scenarios.fct_window]
doc: >-
  The combinations of channel, kind, scenario, step, template, variant and level of personalization that sent messages have, with a small integer key, up to the end of the audited window. What is not given
  stays apart: it is never counted with another one.
columns:
  - {name: slot, type: int64, unit: "1", doc: "key: rank of the seven, dense from 1"}
  - {name: tk, type: int64, unit: "1", doc: "key of the template: its smallest slot; 0 without a template"}
  - {name: use_slot, type: int64, unit: "1", doc: "key of the use of a template: smallest slot of template, channel, kind and scenario"}
  - {name: chain, type: int64, unit: "1", doc: "smallest slot of channel, kind and scenario"}
  - {name: place, type: int64, unit: "1", doc: "smallest slot of channel, kind, scenario and step"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, nullable: true, doc: "bulk, trigger or transactional; NULL when not given"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario; NULL without one"}
  - {name: step_id, type: string, nullable: true, doc: "step; NULL without one"}
  - {name: template_id, type: string, nullable: true, doc: "template; NULL without one"}
  - {name: variant, type: string, nullable: true, doc: "variant; NULL without one"}
  - {name: personalization, type: string, nullable: true, doc: "none, basic, contextual or behavioural; NULL when not given"}
  - {name: sent, type: int64, unit: "messages", doc: "sent in the loaded history up to the end of the audited window"}
  - {name: audited, type: int64, unit: "messages", doc: "of them in the audited window"}
  - {name: recent, type: int64, unit: "messages", doc: "of them in its last 28 days"}
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "day of the first send of the loaded history"}
  - {name: last_day, type: int64, unit: "days since 1970-01-01", doc: "day of the last send"}
  - {name: channel_stamped, type: int64, unit: "messages", doc: "of the whole channel, with a time of delivery; with none of them, delivered means sent and not bounced"}
---*/
WITH counts AS (
  SELECT m.channel, m.kind, m.scenario_id, m.step_id, m.template_id, m.variant, m.personalization, COUNT(*) AS sent,
    SUM(CASE WHEN m.sent_day >= w.from_day THEN 1 ELSE 0 END) AS audited, SUM(CASE WHEN m.sent_day >= w.to_day - 28 AND m.sent_day >= w.from_day THEN 1 ELSE 0 END) AS recent,
    MIN(m.sent_day) AS first_day, MAX(m.sent_day) AS last_day, COUNT(m.delivered_at) AS stamped
  FROM core.messages m CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day < w.to_day
  GROUP BY m.channel, m.kind, m.scenario_id, m.step_id, m.template_id, m.variant, m.personalization
),
ranked AS (
  SELECT ROW_NUMBER() OVER (ORDER BY CAST(channel AS VARCHAR) NULLS LAST, CAST(kind AS VARCHAR) NULLS LAST, CAST(scenario_id AS VARCHAR) NULLS LAST, CAST(step_id AS VARCHAR) NULLS LAST,
    CAST(template_id AS VARCHAR) NULLS LAST, CAST(variant AS VARCHAR) NULLS LAST, CAST(personalization AS VARCHAR) NULLS LAST) AS slot,
    channel, kind, scenario_id, step_id, template_id, variant, personalization, sent, audited, recent, first_day, last_day, stamped
  FROM counts
)
SELECT CAST(slot AS INTEGER) AS slot, CAST(CASE WHEN template_id IS NULL THEN 0 ELSE MIN(slot) OVER (PARTITION BY template_id) END AS INTEGER) AS tk,
  CAST(MIN(slot) OVER (PARTITION BY template_id, channel, kind, scenario_id) AS INTEGER) AS use_slot, CAST(MIN(slot) OVER (PARTITION BY channel, kind, scenario_id) AS INTEGER) AS chain,
  CAST(MIN(slot) OVER (PARTITION BY channel, kind, scenario_id, step_id) AS INTEGER) AS place, channel, kind, scenario_id, step_id, template_id, variant, personalization,
  CAST(sent AS BIGINT) AS sent, CAST(audited AS BIGINT) AS audited, CAST(recent AS BIGINT) AS recent, CAST(first_day AS BIGINT) AS first_day, CAST(last_day AS BIGINT) AS last_day,
  CAST(SUM(stamped) OVER (PARTITION BY channel) AS BIGINT) AS channel_stamped
FROM ranked
