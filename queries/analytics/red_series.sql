/*---
table: analytics.red_series
block: trends
grain: [period_day, channel, kind, scenario_id, step_id, st, tenure]
reads: [analytics.fct_trend_days, analytics.fct_trend_hits, analytics.fct_trend_sample, core.customers, core.messages, scenarios.fct_contact_stages]
doc: >-
  Messages and what came of them by period of sending and by the cell that the mix is held fixed over: channel, kind, scenario, step, stage on the day and tenure. Responses count
  within 7 days of sending, so that early and late periods had the same time. No buckets: the interval of a trend comes from the scatter of the series itself.
max_rows: 2000000
columns:
  - {name: period_day, type: int64, unit: "days since 1970-01-01", doc: "first day of the period, analytics.fct_trend_days"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, doc: "bulk, trigger or transactional; without a kind: bulk with a campaign and no scenario, else unknown"}
  - {name: scenario_id, type: string, doc: "scenario; empty without one"}
  - {name: step_id, type: string, doc: "step of the scenario; empty without one and in series by days"}
  - {name: st, type: int64, unit: "1", doc: "stage key on the day of sending, scenarios.fct_stages.st; 0 where none is known"}
  - {name: tenure, type: int64, unit: "1", doc: "days since the customer was first seen: 0 = up to 29, 1 = 30 to 179, 2 = 180 and more"}
  - {name: sent, type: int64, unit: "messages", doc: "sent messages"}
  - {name: delivered, type: int64, unit: "messages", doc: "of them delivered"}
  - {name: bounced, type: int64, unit: "messages", doc: "of them bounced"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "of them with an unsubscribe within 7 days"}
  - {name: complained, type: int64, unit: "messages", doc: "of them with a complaint within 7 days"}
  - {name: opened, type: int64, unit: "messages", doc: "of them opened within 7 days, not by a machine only"}
  - {name: opened_machine, type: int64, unit: "messages", doc: "of them opened within 7 days by a machine only, as the source says"}
  - {name: clicked, type: int64, unit: "messages", doc: "of them clicked within 7 days, robots left out"}
  - {name: followed, type: int64, unit: "messages", doc: "of them to a customer who is followed (analytics.fct_trend_sample) and not bounced: the base of ordered and moved"}
  - {name: ordered, type: int64, unit: "messages", doc: "of followed, an order of the customer within 7 days"}
  - {name: moved, type: int64, unit: "messages", doc: "of followed, a better stage within 28 days"}
---*/
WITH sent AS (
  SELECT m.ck, m.sent_day, d.period_day, m.channel, m.kind, m.scenario_id, CASE WHEN d.unit = 'day' THEN NULL ELSE m.step_id END AS step_id, m.campaign_id IS NOT NULL AS campaign,
    CASE WHEN m.sent_day - c.first_seen_day < 30 THEN 0 WHEN m.sent_day - c.first_seen_day < 180 THEN 1 ELSE 2 END AS tenure,
    CAST(CASE WHEN m.delivered_at IS NULL THEN 0 ELSE 1 END + CASE WHEN m.bounced_at IS NULL THEN 0 ELSE 2 END
      + CASE WHEN m.unsubscribed_day <= m.sent_day + 7 THEN 4 ELSE 0 END + CASE WHEN m.complained_day <= m.sent_day + 7 THEN 8 ELSE 0 END
      + CASE WHEN m.opened_day <= m.sent_day + 7 THEN CASE WHEN m.machine_open THEN 32 ELSE 16 END ELSE 0 END
      + CASE WHEN m.clicked_day <= m.sent_day + 7 AND NOT COALESCE(m.bot_click, FALSE) THEN 64 ELSE 0 END
      + CASE WHEN c.bucket < p.action_buckets AND m.bounced_at IS NULL THEN 128 ELSE 0 END AS SMALLINT) AS code
  FROM core.messages m
  JOIN analytics.fct_trend_days d ON d.day = m.sent_day
  JOIN core.customers c ON c.ck = m.ck
  CROSS JOIN analytics.fct_trend_sample p
),
coded AS (
  SELECT t.period_day, t.channel, t.kind, t.scenario_id, t.step_id, t.campaign, COALESCE(s.st, 0) AS st, t.tenure, t.code, COUNT(*) AS n
  FROM sent t LEFT JOIN scenarios.fct_contact_stages s ON s.ck = t.ck AND s.from_day <= t.sent_day AND s.to_day > t.sent_day
  GROUP BY t.period_day, t.channel, t.kind, t.scenario_id, t.step_id, t.campaign, COALESCE(s.st, 0), t.tenure, t.code
),
hits AS (
  SELECT h.period_day, h.channel, h.kind, h.scenario_id, h.step_id, h.campaign, COALESCE(s.st, 0) AS st,
    CASE WHEN h.sent_day - c.first_seen_day < 30 THEN 0 WHEN h.sent_day - c.first_seen_day < 180 THEN 1 ELSE 2 END AS tenure, h.ordered, h.moved
  FROM analytics.fct_trend_hits h
  JOIN core.customers c ON c.ck = h.ck
  LEFT JOIN scenarios.fct_contact_stages s ON s.ck = h.ck AND s.from_day <= h.sent_day AND s.to_day > h.sent_day
),
parts AS (
  SELECT k.period_day, k.channel, k.kind, k.scenario_id, k.step_id, k.campaign, k.st, k.tenure, k.n AS sent, k.n * (k.code - 2 * x_idiv(k.code, 2)) AS delivered,
    k.n * (x_idiv(k.code, 2) - 2 * x_idiv(k.code, 4)) AS bounced, k.n * (x_idiv(k.code, 4) - 2 * x_idiv(k.code, 8)) AS unsubscribed,
    k.n * (x_idiv(k.code, 8) - 2 * x_idiv(k.code, 16)) AS complained, k.n * (x_idiv(k.code, 16) - 2 * x_idiv(k.code, 32)) AS opened,
    k.n * (x_idiv(k.code, 32) - 2 * x_idiv(k.code, 64)) AS opened_machine, k.n * (x_idiv(k.code, 64) - 2 * x_idiv(k.code, 128)) AS clicked,
    k.n * x_idiv(k.code, 128) AS followed, 0 AS ordered, 0 AS moved
  FROM coded k
  UNION ALL
  SELECT period_day, channel, kind, scenario_id, step_id, campaign, st, tenure, 0, 0, 0, 0, 0, 0, 0, 0, 0, ordered, moved
  FROM hits
),
cells AS (
  SELECT period_day, channel, kind, scenario_id, step_id, campaign, st, tenure, SUM(sent) AS sent, SUM(delivered) AS delivered, SUM(bounced) AS bounced, SUM(unsubscribed) AS unsubscribed,
    SUM(complained) AS complained, SUM(opened) AS opened, SUM(opened_machine) AS opened_machine, SUM(clicked) AS clicked, SUM(followed) AS followed, SUM(ordered) AS ordered, SUM(moved) AS moved
  FROM parts
  GROUP BY period_day, channel, kind, scenario_id, step_id, campaign, st, tenure
),
named AS (
  SELECT period_day, CAST(channel AS VARCHAR) AS channel, CASE WHEN kind IS NOT NULL THEN CAST(kind AS VARCHAR) WHEN campaign AND scenario_id IS NULL THEN 'bulk' ELSE 'unknown' END AS kind,
    COALESCE(CAST(scenario_id AS VARCHAR), '') AS scenario_id, COALESCE(CAST(step_id AS VARCHAR), '') AS step_id, st, tenure, sent, delivered, bounced, unsubscribed, complained, opened,
    opened_machine, clicked, followed, ordered, moved
  FROM cells
)
SELECT CAST(period_day AS INTEGER) AS period_day, channel, kind, scenario_id, step_id, CAST(st AS INTEGER) AS st, CAST(tenure AS INTEGER) AS tenure, CAST(SUM(sent) AS BIGINT) AS sent,
  CAST(SUM(delivered) AS BIGINT) AS delivered, CAST(SUM(bounced) AS BIGINT) AS bounced, CAST(SUM(unsubscribed) AS BIGINT) AS unsubscribed, CAST(SUM(complained) AS BIGINT) AS complained,
  CAST(SUM(opened) AS BIGINT) AS opened, CAST(SUM(opened_machine) AS BIGINT) AS opened_machine, CAST(SUM(clicked) AS BIGINT) AS clicked, CAST(SUM(followed) AS BIGINT) AS followed,
  CAST(SUM(ordered) AS BIGINT) AS ordered, CAST(SUM(moved) AS BIGINT) AS moved
FROM named
GROUP BY period_day, channel, kind, scenario_id, step_id, st, tenure
