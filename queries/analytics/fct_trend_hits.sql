/*---
table: analytics.fct_trend_hits
block: trends
grain: [mk]
reads: [analytics.fct_trend_days, analytics.fct_trend_sample, core.customers, core.messages, core.orders, scenarios.fct_better_stages, scenarios.fct_contact_stages]
doc: >-
  Messages of the followed customers after which the customer ordered within 7 days or came into a better stage (scenarios.fct_better_stages) within 28 days. It is what came after the
  message, not what the message did: one order may follow several messages, so that more messages per customer alone do not change the share. Not an attribution.
columns:
  - {name: mk, type: int64, unit: "1", doc: "message key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: sent_day, type: int64, unit: "days since 1970-01-01", doc: "day of the send in the business zone"}
  - {name: period_day, type: int64, unit: "days since 1970-01-01", doc: "its period, analytics.fct_trend_days"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, nullable: true, doc: "kind; NULL when not given"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario; NULL without one"}
  - {name: step_id, type: string, nullable: true, doc: "step; NULL without one and in series by days"}
  - {name: campaign, type: bool, unit: "1", doc: "it has a campaign"}
  - {name: ordered, type: int64, unit: "1", doc: "1: an order followed"}
  - {name: moved, type: int64, unit: "1", doc: "1: a better stage followed"}
---*/
WITH spans AS (
  SELECT ck, from_day, st, LAG(x_nul(st)) OVER (PARTITION BY ck ORDER BY from_day NULLS LAST) AS before
  FROM scenarios.fct_contact_stages
),
acts AS (
  SELECT o.ck, x_sec(o.occurred_at) AS sec, 604800 AS span, 1 AS ordered, 0 AS moved
  FROM core.orders o JOIN core.customers c ON c.ck = o.ck CROSS JOIN analytics.fct_trend_sample p
  WHERE c.bucket < p.action_buckets
  UNION ALL
  SELECT s.ck, 86400 * s.from_day, 2419200, 0, 1
  FROM spans s
  JOIN scenarios.fct_better_stages b ON b.from_st = s.before AND b.to_st = s.st
  JOIN core.customers c ON c.ck = s.ck
  CROSS JOIN analytics.fct_trend_sample p
  WHERE c.bucket < p.action_buckets
)
SELECT m.mk, m.ck, m.sent_day, d.period_day, m.channel, m.kind, m.scenario_id, CASE WHEN d.unit = 'day' THEN NULL ELSE m.step_id END AS step_id,
  m.campaign_id IS NOT NULL AS campaign, CAST(MAX(a.ordered) AS INTEGER) AS ordered, CAST(MAX(a.moved) AS INTEGER) AS moved
FROM core.messages m
JOIN analytics.fct_trend_days d ON d.day = m.sent_day
JOIN acts a ON a.ck = m.ck AND a.sec > x_sec(m.sent_at) AND a.sec <= x_sec(m.sent_at) + a.span
WHERE m.bounced_at IS NULL
GROUP BY m.mk, m.ck, m.sent_day, d.period_day, m.channel, m.kind, m.scenario_id, CASE WHEN d.unit = 'day' THEN NULL ELSE m.step_id END, m.campaign_id IS NOT NULL
