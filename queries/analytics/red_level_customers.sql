/*---
table: analytics.red_level_customers
block: personalization
grain: [scope, chain, level, stage]
reads: [analytics.fct_content_messages, analytics.fct_content_slots, analytics.fct_level_weeks, scenarios.fct_stages]
doc: Different customers of the sample who were delivered a level in the weeks in which a step went out with two levels side by side.
max_rows: 200000
columns:
  - {name: scope, type: string, doc: "all or stage"}
  - {name: chain, type: int64, unit: "1", doc: "channel, kind and scenario, analytics.fct_content_slots.chain"}
  - {name: level, type: string, doc: "none, basic, contextual or behavioural"}
  - {name: stage, type: string, doc: "stage in force on the day of the send; empty where none is known, and in scope all"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers"}
---*/
WITH near AS (
  SELECT s.chain, CAST(s.personalization AS VARCHAR) AS level, m.st, m.ck
  FROM analytics.fct_content_messages m
  JOIN analytics.fct_content_slots s ON s.slot = m.slot AND s.personalization IS NOT NULL
  JOIN analytics.fct_level_weeks l ON l.place = s.place AND l.week = m.week
  WHERE m.delivered = 1
  GROUP BY s.chain, CAST(s.personalization AS VARCHAR), m.st, m.ck
)
SELECT 'all' AS scope, CAST(chain AS BIGINT) AS chain, level, '' AS stage, CAST(COUNT(DISTINCT ck) AS BIGINT) AS customers FROM near GROUP BY chain, level
UNION ALL
SELECT 'stage', CAST(n.chain AS BIGINT), n.level, COALESCE(t.stage, ''), CAST(COUNT(DISTINCT n.ck) AS BIGINT)
FROM near n LEFT JOIN scenarios.fct_stages t ON t.st = n.st
GROUP BY n.chain, n.level, COALESCE(t.stage, '')
