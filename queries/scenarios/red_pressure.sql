/*---
table: scenarios.red_pressure
block: contact
grain: [ch, st, messages_7d, bucket]
reads: [core.orders, scenarios.fct_contact_stages, scenarios.fct_opt_outs, scenarios.fct_pressure]
doc: >-
  Customer-days, first opt-outs and orders by the number of messages of the last seven days, for the customers of the pressure sample. All channels together
  (0): the first opt-out of every channel counts.
max_rows: 500000
columns:
  - {name: ch, type: int64, unit: "1", doc: "channel key; 0 for all channels together"}
  - {name: st, type: int64, unit: "1", doc: "stage key of the day; 0 where no stage is known"}
  - {name: messages_7d, type: int64, unit: "messages", doc: "messages in the seven days that end with the day, all kinds; 7 stands for seven or more"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customer_days, type: int64, unit: "customer-days", doc: "days under observation"}
  - {name: unsubscribes, type: int64, unit: "customers", doc: "first unsubscribes from a channel on these days"}
  - {name: complaints, type: int64, unit: "customers", doc: "first complaints in a channel on these days"}
  - {name: order_days, type: int64, unit: "customer-days", doc: "of the customer-days, those with an order"}
---*/
WITH days AS (
  SELECT p.ch, z.st, z.bucket, SUM(LEAST(p.to_day, z.to_day) - GREATEST(p.from_day, z.from_day)) AS days_0,
    SUM(GREATEST(LEAST(p.until_1, z.to_day) - GREATEST(p.from_day, z.from_day), 0)) AS days_1,
    SUM(GREATEST(LEAST(p.until_2, z.to_day) - GREATEST(p.from_day, z.from_day), 0)) AS days_2,
    SUM(GREATEST(LEAST(p.until_3, z.to_day) - GREATEST(p.from_day, z.from_day), 0)) AS days_3,
    SUM(GREATEST(LEAST(p.until_4, z.to_day) - GREATEST(p.from_day, z.from_day), 0)) AS days_4,
    SUM(GREATEST(LEAST(p.until_5, z.to_day) - GREATEST(p.from_day, z.from_day), 0)) AS days_5,
    SUM(GREATEST(LEAST(p.until_6, z.to_day) - GREATEST(p.from_day, z.from_day), 0)) AS days_6,
    SUM(GREATEST(LEAST(p.until_7, z.to_day) - GREATEST(p.from_day, z.from_day), 0)) AS days_7
  FROM scenarios.fct_pressure p JOIN scenarios.fct_contact_stages z ON z.ck = p.ck AND z.from_day < p.to_day AND z.to_day > p.from_day
  GROUP BY p.ch, z.st, z.bucket
),
facts AS (
  SELECT ck, ch, unsubscribed_day AS day, 1 AS unsubscribes, 0 AS complaints FROM scenarios.fct_opt_outs WHERE unsubscribed_day IS NOT NULL
  UNION ALL
  SELECT ck, CAST(0 AS INTEGER), unsubscribed_day, 1, 0 FROM scenarios.fct_opt_outs WHERE unsubscribed_day IS NOT NULL
  UNION ALL
  SELECT ck, ch, complained_day, 0, 1 FROM scenarios.fct_opt_outs WHERE complained_day IS NOT NULL
  UNION ALL
  SELECT ck, CAST(0 AS INTEGER), complained_day, 0, 1 FROM scenarios.fct_opt_outs WHERE complained_day IS NOT NULL
),
order_days AS (
  SELECT ck, day FROM core.orders GROUP BY ck, day
),
placed AS (
  SELECT p.ch, z.st, z.bucket, CASE WHEN p.until_1 > o.day THEN 1 ELSE 0 END + CASE WHEN p.until_2 > o.day THEN 1 ELSE 0 END + CASE WHEN p.until_3 > o.day THEN 1 ELSE 0 END + CASE WHEN p.until_4 > o.day THEN 1 ELSE 0 END + CASE WHEN p.until_5 > o.day THEN 1 ELSE 0 END + CASE WHEN p.until_6 > o.day THEN 1 ELSE 0 END + CASE WHEN p.until_7 > o.day THEN 1 ELSE 0 END AS messages_7d, o.unsubscribes, o.complaints, 0 AS order_days
  FROM facts o
  JOIN scenarios.fct_pressure p ON p.ck = o.ck AND p.ch = o.ch AND p.from_day <= o.day AND p.to_day > o.day
  JOIN scenarios.fct_contact_stages z ON z.ck = o.ck AND z.from_day <= o.day AND z.to_day > o.day
  UNION ALL
  SELECT p.ch, z.st, z.bucket, CASE WHEN p.until_1 > o.day THEN 1 ELSE 0 END + CASE WHEN p.until_2 > o.day THEN 1 ELSE 0 END + CASE WHEN p.until_3 > o.day THEN 1 ELSE 0 END + CASE WHEN p.until_4 > o.day THEN 1 ELSE 0 END + CASE WHEN p.until_5 > o.day THEN 1 ELSE 0 END + CASE WHEN p.until_6 > o.day THEN 1 ELSE 0 END + CASE WHEN p.until_7 > o.day THEN 1 ELSE 0 END, 0, 0, 1
  FROM order_days o
  JOIN scenarios.fct_pressure p ON p.ck = o.ck AND p.from_day <= o.day AND p.to_day > o.day
  JOIN scenarios.fct_contact_stages z ON z.ck = o.ck AND z.from_day <= o.day AND z.to_day > o.day
),
cells AS (
  SELECT ch, st, 0 AS messages_7d, bucket, days_0 - days_1 AS customer_days, 0 AS unsubscribes, 0 AS complaints, 0 AS order_days FROM days
  UNION ALL
  SELECT ch, st, 1, bucket, days_1 - days_2, 0, 0, 0 FROM days
  UNION ALL
  SELECT ch, st, 2, bucket, days_2 - days_3, 0, 0, 0 FROM days
  UNION ALL
  SELECT ch, st, 3, bucket, days_3 - days_4, 0, 0, 0 FROM days
  UNION ALL
  SELECT ch, st, 4, bucket, days_4 - days_5, 0, 0, 0 FROM days
  UNION ALL
  SELECT ch, st, 5, bucket, days_5 - days_6, 0, 0, 0 FROM days
  UNION ALL
  SELECT ch, st, 6, bucket, days_6 - days_7, 0, 0, 0 FROM days
  UNION ALL
  SELECT ch, st, 7, bucket, days_7, 0, 0, 0 FROM days
  UNION ALL
  SELECT ch, st, messages_7d, bucket, 0, unsubscribes, complaints, order_days FROM placed
)
SELECT ch, st, CAST(messages_7d AS INTEGER) AS messages_7d, bucket, SUM(customer_days) AS customer_days, SUM(unsubscribes) AS unsubscribes, SUM(complaints) AS complaints,
  SUM(order_days) AS order_days
FROM cells
GROUP BY ch, st, CAST(messages_7d AS INTEGER), bucket
HAVING SUM(customer_days) > 0
