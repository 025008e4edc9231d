/*---
table: scenarios.fct_crowded
block: contact
grain: [mk]
reads: [core.cfg_contact, core.messages, scenarios.fct_contact_scenarios, scenarios.fct_window, scenarios.red_contact_channels]
doc: >-
  Messages of the audited window that share a business week (Monday to Sunday) with another one to the same customer, with their place when each day and week
  keeps the higher declared priority first, then the earlier one: a cap of k holds back what has a rank above k. Service messages
  are not here unless policy.count_service. All other messages of the window are alone in their week.
columns:
  - {name: mk, type: int64, unit: "1", doc: "message, core.messages.mk"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: sent_day, type: int64, unit: "days since 1970-01-01", doc: "day of the send in the business zone"}
  - {name: week_day, type: int64, unit: "days since 1970-01-01", doc: "Monday of its week"}
  - {name: whole_week, type: bool, unit: "1", doc: "the week lies wholly within the audited window; only such weeks enter weekly figures"}
  - {name: ch, type: int64, unit: "1", doc: "channel key, scenarios.red_contact_channels.ch"}
  - {name: sk, type: int64, unit: "1", nullable: true, doc: "scenario key; NULL without a scenario"}
  - {name: day_rank, type: int64, unit: "1", doc: "place among the customer's messages of the day"}
  - {name: day_channel_rank, type: int64, unit: "1", doc: "place among those of the day in the channel"}
  - {name: week_rank, type: int64, unit: "1", doc: "place among the customer's messages of the week"}
  - {name: week_channel_rank, type: int64, unit: "1", doc: "place among those of the week in the channel"}
---*/
WITH sent AS (
  SELECT m.ck, m.mk, x_sec(m.sent_at) AS t, m.sent_day, m.sent_day - 4 - 7 * x_idiv(m.sent_day - 4, 7) AS weekday, h.ch, s.sk, s.priority, w.from_day, w.to_day
  FROM core.messages m
  JOIN scenarios.red_contact_channels h ON h.channel = m.channel
  LEFT JOIN scenarios.fct_contact_scenarios s ON s.scenario_id = m.scenario_id
  CROSS JOIN core.cfg_contact c
  CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day >= w.from_day AND m.sent_day < w.to_day
    AND (c.count_service OR NOT (COALESCE(m.kind = 'transactional', FALSE) OR COALESCE(s.service, FALSE)))
),
neighbours AS (
  SELECT ck, mk, t, sent_day, weekday, ch, sk, priority, from_day, to_day,
    LAG(x_nul(sent_day)) OVER w AS before_day, LEAD(x_nul(sent_day)) OVER w AS next_day
  FROM sent
  WINDOW w AS (PARTITION BY ck ORDER BY sent_day NULLS LAST)
),
crowded AS (
  SELECT ck, mk, t, sent_day, sent_day - weekday AS week_day, sent_day - weekday >= from_day AND sent_day - weekday + 7 <= to_day AS whole_week, ch, sk, priority
  FROM neighbours
  WHERE before_day >= sent_day - weekday OR next_day < sent_day - weekday + 7
)
SELECT mk, ck, CAST(sent_day AS INTEGER) AS sent_day, CAST(week_day AS INTEGER) AS week_day, whole_week, ch, sk,
  CAST(ROW_NUMBER() OVER (PARTITION BY ck, sent_day ORDER BY priority DESC NULLS LAST, t NULLS LAST, mk NULLS LAST) AS INTEGER) AS day_rank,
  CAST(ROW_NUMBER() OVER (PARTITION BY ck, sent_day, ch ORDER BY priority DESC NULLS LAST, t NULLS LAST, mk NULLS LAST) AS INTEGER) AS day_channel_rank,
  CAST(ROW_NUMBER() OVER (PARTITION BY ck, week_day ORDER BY priority DESC NULLS LAST, t NULLS LAST, mk NULLS LAST) AS INTEGER) AS week_rank,
  CAST(ROW_NUMBER() OVER (PARTITION BY ck, week_day, ch ORDER BY priority DESC NULLS LAST, t NULLS LAST, mk NULLS LAST) AS INTEGER) AS week_channel_rank
FROM crowded
