/*---
table: scenarios.fct_crowded_days
block: contact
grain: [ck, sent_day, day_rank]
reads: [scenarios.fct_crowded_weeks]
doc: >-
  Counted messages of the audited window (no service messages) that share a day with another one to the same customer, with their place when the day keeps the
  higher declared priority first, then the earlier one: a daily cap of k holds back what has a rank above k.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: sent_day, type: int64, unit: "days since 1970-01-01", doc: "day of the send in the business zone"}
  - {name: sent_sec, type: int64, unit: "unix seconds", doc: "time of the send"}
  - {name: ch, type: int64, unit: "1", doc: "channel key, scenarios.red_contact_channels.ch"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key; 0 without a scenario"}
  - {name: day_rank, type: int64, unit: "1", doc: "place among the customer's messages of the day"}
  - {name: day_channel_rank, type: int64, unit: "1", doc: "place among those of the day in the channel"}
---*/
SELECT ck, sent_day, sent_sec, ch, sk,
  CAST(ROW_NUMBER() OVER (PARTITION BY ck, sent_day ORDER BY urgency NULLS LAST, sent_sec NULLS LAST, ch NULLS LAST, sk NULLS LAST) AS INTEGER) AS day_rank,
  CAST(ROW_NUMBER() OVER (PARTITION BY ck, sent_day, ch ORDER BY urgency NULLS LAST, sent_sec NULLS LAST, sk NULLS LAST) AS INTEGER) AS day_channel_rank
FROM scenarios.fct_crowded_weeks
WHERE same_day
