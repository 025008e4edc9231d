/*---
table: scenarios.fct_crowded_weeks
block: contact
grain: [ck, week_day, week_rank]
reads: [scenarios.fct_contact_scenarios, scenarios.fct_contacts]
doc: >-
  Counted messages of the audited window (no service messages) that share a week with another one to the same customer, with their place when the week keeps the
  higher declared priority first, then the earlier one: a weekly cap of k holds back what has a rank above k. All other counted messages are alone
  in their week.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: week_day, type: int64, unit: "days since 1970-01-01", doc: "Monday of the week"}
  - {name: sent_sec, type: int64, unit: "unix seconds", doc: "time of the send"}
  - {name: sent_day, type: int64, unit: "days since 1970-01-01", doc: "day of the send in the business zone"}
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "day of the customer's first message of the week"}
  - {name: ch, type: int64, unit: "1", doc: "channel key, scenarios.red_contact_channels.ch"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key; 0 without a scenario"}
  - {name: urgency, type: int64, unit: "1", doc: "order in which messages are kept: 1 is the highest declared priority"}
  - {name: same_day, type: bool, unit: "1", doc: "another one on the same day"}
  - {name: week_rank, type: int64, unit: "1", doc: "place among the customer's messages of the week"}
  - {name: week_channel_rank, type: int64, unit: "1", doc: "place among those of the week in the channel"}
---*/
WITH neighbours AS (
  SELECT ck, week_day, sent_sec, sent_day, ch, sk, LAG(x_nul(sent_day)) OVER w AS before_day, LEAD(x_nul(sent_day)) OVER w AS next_day
  FROM scenarios.fct_contacts
  WHERE NOT service
  WINDOW w AS (PARTITION BY ck ORDER BY sent_day NULLS LAST)
),
urgencies AS (
  SELECT sk, ROW_NUMBER() OVER (ORDER BY priority DESC NULLS LAST, sk NULLS LAST) AS place, priority FROM scenarios.fct_contact_scenarios
),
crowded AS (
  SELECT n.ck, n.week_day, n.sent_sec, n.sent_day, n.ch, n.sk, COALESCE(u.urgency, 1000000) AS urgency,
    COALESCE(n.before_day = n.sent_day, FALSE) OR COALESCE(n.next_day = n.sent_day, FALSE) AS same_day
  FROM neighbours n
  LEFT JOIN (
    SELECT a.sk, MIN(b.place) AS urgency FROM urgencies a JOIN urgencies b ON b.priority = a.priority GROUP BY a.sk
  ) u ON u.sk = n.sk
  WHERE n.before_day >= n.week_day OR n.next_day < n.week_day + 7
)
SELECT ck, week_day, sent_sec, sent_day, MIN(sent_day) OVER (PARTITION BY ck, week_day) AS first_day, ch, sk, CAST(urgency AS INTEGER) AS urgency, same_day,
  CAST(ROW_NUMBER() OVER (PARTITION BY ck, week_day ORDER BY urgency NULLS LAST, sent_sec NULLS LAST, ch NULLS LAST, sk NULLS LAST) AS INTEGER) AS week_rank,
  CAST(ROW_NUMBER() OVER (PARTITION BY ck, week_day, ch ORDER BY urgency NULLS LAST, sent_sec NULLS LAST, sk NULLS LAST) AS INTEGER) AS week_channel_rank
FROM crowded
