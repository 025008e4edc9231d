/*---
table: analytics.red_level_trials
block: personalization
grain: [experiment_id, arm, slot, stage, bucket]
reads: [analytics.fct_content_slots, analytics.fct_level_arms, analytics.fct_level_tests, core.messages, scenarios.fct_stages, scenarios.fct_window]
doc: >-
  Delivered messages of the scenarios under test (analytics.fct_level_tests) to all assigned customers after the assignment, by the arm they were assigned to, whatever level reached them, and by their stage on the day of the assignment.
max_rows: 2000000
columns:
  - {name: experiment_id, type: string, doc: "experiment"}
  - {name: arm, type: string, doc: "arm that the customer was assigned to"}
  - {name: slot, type: int64, unit: "1", doc: "what was sent, analytics.fct_content_slots.slot"}
  - {name: stage, type: string, doc: "stage on the day of the assignment; empty where none is known"}
  - {name: bucket, type: int64, unit: "1", doc: "sampling unit 0..99"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered, as in analytics.fct_content_messages"}
  - {name: clicked, type: int64, unit: "messages", doc: "clicked within seven days, not by a robot"}
---*/
WITH near AS (
  SELECT t.xk, t.chain, m.ck, m.sent_at, m.channel, m.kind, m.scenario_id, m.step_id, m.template_id, m.variant, m.personalization, m.delivered_at, m.opened_day, m.unsubscribed_day, m.complained_day, m.bounced_at,
    m.clicked_day, m.sent_day, m.bot_click
  FROM core.messages m
  JOIN analytics.fct_level_tests t ON t.channel = m.channel AND t.kind IS NOT DISTINCT FROM m.kind AND t.scenario_id IS NOT DISTINCT FROM m.scenario_id
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day >= w.from_day AND m.sent_day < w.to_day AND m.sent_day + 7 < w.end_day
),
customers AS (
  SELECT a.experiment_id, a.arm, a.st, a.bucket, a.ck, s.slot, COUNT(*) AS delivered, SUM(CASE WHEN m.clicked_day <= m.sent_day + 7 AND NOT COALESCE(m.bot_click, FALSE) THEN 1 ELSE 0 END) AS clicked
  FROM near m
  JOIN analytics.fct_level_arms a ON a.xk = m.xk AND a.ck = m.ck AND a.sec <= x_sec(m.sent_at)
  JOIN analytics.fct_content_slots s ON s.chain = m.chain AND s.step_id IS NOT DISTINCT FROM m.step_id AND s.template_id IS NOT DISTINCT FROM m.template_id AND s.variant IS NOT DISTINCT FROM m.variant
    AND s.personalization IS NOT DISTINCT FROM m.personalization
  WHERE m.delivered_at IS NOT NULL OR m.opened_day IS NOT NULL OR m.clicked_day IS NOT NULL OR m.unsubscribed_day IS NOT NULL OR m.complained_day IS NOT NULL OR s.channel_stamped = 0 AND m.bounced_at IS NULL
  GROUP BY a.experiment_id, a.arm, a.st, a.bucket, a.ck, s.slot
)
SELECT c.experiment_id, c.arm, CAST(c.slot AS BIGINT) AS slot, COALESCE(t.stage, '') AS stage, CAST(c.bucket AS BIGINT) AS bucket, CAST(COUNT(*) AS BIGINT) AS customers, CAST(SUM(c.delivered) AS BIGINT) AS delivered,
  CAST(SUM(c.clicked) AS BIGINT) AS clicked
FROM customers c LEFT JOIN scenarios.fct_stages t ON t.st = c.st
GROUP BY c.experiment_id, c.arm, c.slot, COALESCE(t.stage, ''), c.bucket
