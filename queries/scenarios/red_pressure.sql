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
  - {name: messages_7d, type: int64, unit: "messages", doc: "messages of the last seven days; 10 stands for ten or more"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: customer_days, type: int64, unit: "customer-days", doc: "days under observation"}
  - {name: unsubscribes, type: int64, unit: "customers", doc: "first unsubscribes from a channel on these days"}
  - {name: complaints, type: int64, unit: "customers", doc: "first complaints in a channel on these days"}
  - {name: order_days, type: int64, unit: "customer-days", doc: "of the customer-days, those with an order"}
---*/
WITH outs AS (
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
cells AS (
  SELECT p.ch, z.st, LEAST(p.messages_7d, 10) AS messages_7d, z.bucket, SUM(LEAST(p.to_day, z.to_day) - GREATEST(p.from_day, z.from_day)) AS customer_days,
    0 AS unsubscribes, 0 AS complaints, 0 AS order_days
  FROM scenarios.fct_pressure p JOIN scenarios.fct_contact_stages z ON z.ck = p.ck AND z.from_day < p.to_day AND z.to_day > p.from_day
  GROUP BY p.ch, z.st, LEAST(p.messages_7d, 10), z.bucket
  UNION ALL
  SELECT p.ch, z.st, LEAST(p.messages_7d, 10), z.bucket, 0, SUM(o.unsubscribes), SUM(o.complaints), 0
  FROM outs o
  JOIN scenarios.fct_pressure p ON p.ck = o.ck AND p.ch = o.ch AND p.from_day <= o.day AND p.to_day > o.day
  JOIN scenarios.fct_contact_stages z ON z.ck = o.ck AND z.from_day <= o.day AND z.to_day > o.day
  GROUP BY p.ch, z.st, LEAST(p.messages_7d, 10), z.bucket
  UNION ALL
  SELECT p.ch, z.st, LEAST(p.messages_7d, 10), z.bucket, 0, 0, 0, COUNT(*)
  FROM order_days o
  JOIN scenarios.fct_pressure p ON p.ck = o.ck AND p.from_day <= o.day AND p.to_day > o.day
  JOIN scenarios.fct_contact_stages z ON z.ck = o.ck AND z.from_day <= o.day AND z.to_day > o.day
  GROUP BY p.ch, z.st, LEAST(p.messages_7d, 10), z.bucket
)
SELECT ch, st, messages_7d, bucket, SUM(customer_days) AS customer_days, SUM(unsubscribes) AS unsubscribes, SUM(complaints) AS complaints, SUM(order_days) AS order_days
FROM cells
GROUP BY ch, st, messages_7d, bucket
