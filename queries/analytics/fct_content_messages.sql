/*---
table: analytics.fct_content_messages
block: content
grain: [mk]
reads: [analytics.fct_content_sample, analytics.fct_content_slots, core.customers, core.messages, scenarios.fct_stage_days, scenarios.fct_window]
doc: >-
  The sent messages of the audited window to the customers of the sample that have had seven days for a response, as small integers. Responses count within seven days of the send, so that early and late messages had the same time.
columns:
  - {name: mk, type: int64, unit: "1", doc: "message key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: slot, type: int64, unit: "1", doc: "what was sent, analytics.fct_content_slots.slot"}
  - {name: week, type: int64, unit: "1", doc: "weeks from the first audited day to the send, 0 is the first week; the last one may be short"}
  - {name: st, type: int64, unit: "1", doc: "stage in force on the day of the send, scenarios.fct_stages.st; 0 where none is known"}
  - {name: tenure, type: int64, unit: "1", doc: "days since the customer was first seen: 0 = up to 29, 1 = 30 to 179, 2 = 180 and more"}
  - {name: exposure, type: int64, unit: "1", doc: "how often the customer was sent this template, this time included and counted from the first loaded day: 0 = first time, 1 = second or third, 2 = fourth and later; 0 without a template"}
  - {name: delivered, type: int64, unit: "1", doc: "1: delivered, as its time says; what was opened, clicked, unsubscribed from or complained about was delivered too. In a channel without any time of delivery: sent and not bounced"}
  - {name: opened, type: int64, unit: "1", doc: "1: delivered and opened, not by a machine: neither one that the source names, nor within 5 seconds of the delivery"}
  - {name: machine, type: int64, unit: "1", doc: "1: opened by a machine"}
  - {name: clicked, type: int64, unit: "1", doc: "1: delivered and clicked, not by a robot that the source names"}
---*/
WITH people AS (
  SELECT ck, bucket, first_seen_day FROM core.customers WHERE bucket < (SELECT MIN(buckets) FROM analytics.fct_content_sample)
),
near AS (
  SELECT m.mk, m.ck, CAST(c.bucket AS INTEGER) AS bucket, s.slot, s.tk, m.sent_at, m.sent_day,
    CASE WHEN m.sent_day - c.first_seen_day < 30 THEN 0 WHEN m.sent_day - c.first_seen_day < 180 THEN 1 ELSE 2 END AS tenure,
    CASE WHEN m.delivered_at IS NOT NULL OR m.opened_day IS NOT NULL OR m.clicked_day IS NOT NULL OR m.unsubscribed_day IS NOT NULL OR m.complained_day IS NOT NULL
      OR s.channel_stamped = 0 AND m.bounced_at IS NULL THEN 1 ELSE 0 END AS delivered,
    CASE WHEN m.opened_day <= m.sent_day + 7 THEN CASE WHEN COALESCE(m.machine_open, FALSE) OR m.opened_at >= m.delivered_at AND x_sec(m.opened_at) - x_sec(m.delivered_at) < 5 THEN 2 ELSE 1 END ELSE 0 END AS open,
    CASE WHEN m.clicked_day <= m.sent_day + 7 AND NOT COALESCE(m.bot_click, FALSE) THEN 1 ELSE 0 END AS clicked
  FROM core.messages m
  JOIN people c ON c.ck = m.ck
  JOIN analytics.fct_content_slots s ON s.channel = m.channel AND s.kind IS NOT DISTINCT FROM m.kind AND s.scenario_id IS NOT DISTINCT FROM m.scenario_id AND s.step_id IS NOT DISTINCT FROM m.step_id
    AND s.template_id IS NOT DISTINCT FROM m.template_id AND s.variant IS NOT DISTINCT FROM m.variant AND s.personalization IS NOT DISTINCT FROM m.personalization
  WHERE m.sent_day < (SELECT MAX(to_day) FROM scenarios.fct_window)
),
placed AS (
  SELECT mk, ck, bucket, slot, tk, sent_day, tenure, delivered, open, clicked, ROW_NUMBER() OVER (PARTITION BY ck, tk ORDER BY sent_at NULLS LAST, mk NULLS LAST) AS n
  FROM near
)
SELECT p.mk, p.ck, p.bucket, p.slot, CAST(x_idiv(p.sent_day - w.from_day, 7) AS INTEGER) AS week, CAST(COALESCE(z.st, 0) AS INTEGER) AS st, CAST(p.tenure AS INTEGER) AS tenure,
  CAST(CASE WHEN p.tk = 0 OR p.n = 1 THEN 0 WHEN p.n <= 3 THEN 1 ELSE 2 END AS INTEGER) AS exposure, CAST(p.delivered AS INTEGER) AS delivered,
  CAST(CASE WHEN p.open = 1 THEN 1 ELSE 0 END AS INTEGER) AS opened, CAST(CASE WHEN p.open = 2 THEN 1 ELSE 0 END AS INTEGER) AS machine, CAST(p.clicked AS INTEGER) AS clicked
FROM placed p
CROSS JOIN scenarios.fct_window w
LEFT JOIN (SELECT ck, st, from_day, to_day FROM scenarios.fct_stage_days WHERE bucket < (SELECT MIN(buckets) FROM analytics.fct_content_sample)) z
  ON z.ck = p.ck AND z.from_day <= p.sent_day AND z.to_day > p.sent_day
WHERE p.sent_day >= w.from_day AND p.sent_day + 7 < w.end_day
