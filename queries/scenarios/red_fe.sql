/*---
table: scenarios.red_fe
block: contact
grain: [member, week, day, sk, bulk_7d, bulk_28d, bulk_next_7d, bulk_next_8_14d, bulk_next_8_9d, bulk_5w, collided, collided_5w]
reads: [scenarios.fct_bulk_focal]
doc: >-
  Bulk messages of the panel sample by customer and channel (the member), day, scenario and pressure: the one table of this block that is fetched with rows of
  customers, because the two-way fixed effects need them (statistics 4.5). Nearly every message is a row of its own. Members with a single message say nothing and are left out.
max_rows: 1500000
columns:
  - {name: member, type: int64, unit: "1", doc: "customer and channel: ck x 1024 + ch"}
  - {name: week, type: int64, unit: "1", doc: "weeks since Monday 1970-01-05"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day sent"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key; 0 for messages of none"}
  - {name: bulk_7d, type: int64, unit: "messages", doc: "bulk messages in the 7 days before"}
  - {name: bulk_28d, type: int64, unit: "messages", doc: "bulk messages 8 to 28 days before"}
  - {name: bulk_next_7d, type: int64, unit: "messages", doc: "bulk messages in the 7 days after"}
  - {name: bulk_next_8_14d, type: int64, unit: "messages", doc: "bulk messages 8 to 14 days after"}
  - {name: bulk_next_8_9d, type: int64, unit: "messages", doc: "bulk messages on days 8 and 9 after"}
  - {name: bulk_5w, type: int64, unit: "messages", doc: "bulk messages 36 to 42 days before"}
  - {name: collided, type: bool, unit: "1", doc: "another bulk message less than decision.collision_hours before"}
  - {name: collided_5w, type: bool, unit: "1", doc: "the same of the moment five weeks earlier"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: ripe, type: bool, unit: "1", doc: "14 days of data after it: ordered and bulk_next_8_14d can be known"}
  - {name: n, type: int64, unit: "messages", doc: "messages"}
  - {name: opened, type: int64, unit: "messages", doc: "of them opened within 7 days, machine opens left out"}
  - {name: clicked, type: int64, unit: "messages", doc: "of them clicked within 7 days, robots left out"}
  - {name: ordered, type: int64, unit: "messages", doc: "of them followed by an order within 7 days"}
  - {name: ordered_7th, type: int64, unit: "messages", doc: "of them followed by an order on the seventh day"}
  - {name: score, type: int64, unit: "percent", doc: "engagement of the customer before his first week here: least scenarios.fct_bulk_focal.score of that week"}
---*/
WITH members AS (
  SELECT ck, ch FROM scenarios.fct_bulk_focal WHERE panel GROUP BY ck, ch HAVING COUNT(*) > 1
),
firsts AS (
  SELECT ck, MIN(week) AS week FROM scenarios.fct_bulk_focal WHERE panel GROUP BY ck
),
engaged AS (
  SELECT f.ck, MIN(f.score) AS score FROM firsts m JOIN scenarios.fct_bulk_focal f ON f.ck = m.ck AND f.week = m.week GROUP BY f.ck
)
SELECT CAST(f.ck AS BIGINT) * 1024 + f.ch AS member, f.week, f.day, f.sk, f.bulk_7d, f.bulk_28d, f.bulk_next_7d, f.bulk_next_8_14d, f.bulk_next_8_9d, f.bulk_5w, f.collided, f.collided_5w,
  MIN(f.bucket) AS bucket, MIN(CASE WHEN f.ripe THEN 1 ELSE 0 END) = 1 AS ripe, COUNT(*) AS n,
  SUM(CASE WHEN f.opened THEN 1 ELSE 0 END) AS opened, SUM(CASE WHEN f.clicked THEN 1 ELSE 0 END) AS clicked, SUM(CASE WHEN f.ordered THEN 1 ELSE 0 END) AS ordered,
  SUM(CASE WHEN f.ordered_7th THEN 1 ELSE 0 END) AS ordered_7th, MIN(e.score) AS score
FROM scenarios.fct_bulk_focal f JOIN members m ON m.ck = f.ck AND m.ch = f.ch JOIN engaged e ON e.ck = f.ck
GROUP BY f.ck, f.ch, f.week, f.day, f.sk, f.bulk_7d, f.bulk_28d, f.bulk_next_7d, f.bulk_next_8_14d, f.bulk_next_8_9d, f.bulk_5w, f.collided, f.collided_5w
