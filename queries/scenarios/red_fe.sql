/*---
table: scenarios.red_fe
block: contact
grain: [member, week, bulk_7d, bulk_28d, bulk_next_7d]
reads: [scenarios.fct_bulk_focal]
doc: >-
  Bulk messages of the panel sample by customer and channel (the member), week and pressure: the one table of this block that is fetched with rows of
  customers, because the two-way fixed effects need them (statistics 4.5). Members with a single message say nothing and are left out.
max_rows: 1500000
columns:
  - {name: member, type: int64, unit: "1", doc: "customer and channel: ck x 1024 + ch"}
  - {name: week, type: int64, unit: "1", doc: "weeks since Monday 1970-01-05"}
  - {name: bulk_7d, type: int64, unit: "messages", doc: "bulk messages in the 7 days before"}
  - {name: bulk_28d, type: int64, unit: "messages", doc: "bulk messages 8 to 28 days before"}
  - {name: bulk_next_7d, type: int64, unit: "messages", doc: "bulk messages in the 7 days after"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "messages", doc: "messages"}
  - {name: opened, type: int64, unit: "messages", doc: "of them opened within 7 days, machine opens left out"}
  - {name: clicked, type: int64, unit: "messages", doc: "of them clicked within 7 days, robots left out"}
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
SELECT CAST(f.ck AS BIGINT) * 1024 + f.ch AS member, f.week, f.bulk_7d, f.bulk_28d, f.bulk_next_7d, MIN(f.bucket) AS bucket, COUNT(*) AS n,
  SUM(CASE WHEN f.opened THEN 1 ELSE 0 END) AS opened, SUM(CASE WHEN f.clicked THEN 1 ELSE 0 END) AS clicked, MIN(e.score) AS score
FROM scenarios.fct_bulk_focal f JOIN members m ON m.ck = f.ck AND m.ch = f.ch JOIN engaged e ON e.ck = f.ck
GROUP BY f.ck, f.ch, f.week, f.bulk_7d, f.bulk_28d, f.bulk_next_7d
