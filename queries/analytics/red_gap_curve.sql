/*---
table: analytics.red_gap_curve
block: rhythm
grain: [days, bucket]
reads: [analytics.fct_rhythm_customers, lifecycle.fct_order_days]
doc: >-
  Pauses between order days by their length, completed and open. Every pause counts once (completed, open), and every customer counts once (weight): his completed pauses share 720720 parts, and the open one has them only when there is no
  completed one - the last pause of a customer with others is the one that was cut off, so it tells nothing new about him and would make him count as slower than he is.
max_rows: 200000
columns:
  - {name: days, type: int64, unit: "days", doc: "length of the completed pause, or whole days without an order of the open one; at most 1999"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: completed, type: int64, unit: "gaps", doc: "completed pauses"}
  - {name: open, type: int64, unit: "gaps", doc: "open pauses, and those longer than 1999 days"}
  - {name: weight, type: int64, unit: "1/720720", doc: "customers' parts of the completed pauses"}
  - {name: open_weight, type: int64, unit: "1/720720", doc: "customers' parts of the open ones"}
---*/
WITH spells AS (
  SELECT LEAST(o.gap_days, 1999) AS days, r.bucket, o.gap_days < 2000 AS done, x_idiv(720720, r.gaps) AS weight
  FROM lifecycle.fct_order_days o JOIN analytics.fct_rhythm_customers r ON r.ck = o.ck
  WHERE o.number > 1
  UNION ALL
  SELECT LEAST(open_days, 1999), bucket, FALSE, CASE WHEN gaps = 0 THEN 720720 ELSE 0 END FROM analytics.fct_rhythm_customers
)
SELECT CAST(days AS BIGINT) AS days, CAST(bucket AS BIGINT) AS bucket, SUM(CASE WHEN done THEN 1 ELSE 0 END) AS completed, SUM(CASE WHEN done THEN 0 ELSE 1 END) AS open,
  SUM(CASE WHEN done THEN weight ELSE 0 END) AS weight, SUM(CASE WHEN done THEN 0 ELSE weight END) AS open_weight
FROM spells
GROUP BY days, bucket
