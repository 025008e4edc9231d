/*---
table: analytics.red_message_reach
block: metrics
grain: [scope, cell, stage]
reads: [core.periods, analytics.fct_message_cells, analytics.fct_message_outcomes, scenarios.fct_stages]
doc: Different customers behind the rates - those with a sent message in a complete period. A customer counts once in every row, however many messages and stages he had. Of more than 2 million messages, those of ten of the hundred buckets are looked at and counted tenfold, which is right to about a hundredth.
max_rows: 500000
columns:
  - {name: scope, type: string, doc: "channel, family (channel and kind), scenario (and scenario), stage (and stage)"}
  - {name: cell, type: int64, unit: "1", doc: "analytics.red_message_cells.cell; of scope family its family, of scope channel the least of its families"}
  - {name: stage, type: string, doc: "stage on the day of the send, unknown when there is none; all for the other scopes"}
  - {name: customers, type: int64, unit: "customers", doc: "how many; where estimated, ten times those of ten buckets"}
  - {name: estimated, type: bool, unit: "1", doc: "more than 2 million messages: customers is extrapolated, not counted"}
---*/
WITH days AS (
  SELECT MIN(start_day) AS from_day, MAX(end_day) AS to_day FROM core.periods WHERE complete
),
sizes AS (
  SELECT CASE WHEN SUM(sent) > 2000000 THEN 10 ELSE 100 END AS buckets FROM analytics.fct_message_cells
),
stages AS (
  SELECT m.ck, m.cell, m.st
  FROM analytics.fct_message_outcomes m
  WHERE m.bucket < (SELECT MIN(buckets) FROM sizes) AND m.sent_day >= (SELECT MIN(from_day) FROM days) AND m.sent_day < (SELECT MIN(to_day) FROM days)
  GROUP BY m.ck, m.cell, m.st
),
scenarios AS (
  SELECT ck, cell FROM stages GROUP BY ck, cell
),
families AS (
  SELECT s.ck, k.family FROM scenarios s JOIN analytics.fct_message_cells k ON k.cell = s.cell GROUP BY s.ck, k.family
),
heads AS (
  SELECT k.cell, MIN(k.cell) OVER (PARTITION BY k.channel) AS head FROM analytics.fct_message_cells k
),
channels AS (
  SELECT f.ck, h.head FROM families f JOIN heads h ON h.cell = f.family GROUP BY f.ck, h.head
)
SELECT 'stage' AS scope, CAST(s.cell AS BIGINT) AS cell, COALESCE(t.stage, 'unknown') AS stage, COUNT(*) * MAX(x_idiv(100, z.buckets)) AS customers, MAX(z.buckets) < 100 AS estimated
FROM stages s CROSS JOIN sizes z LEFT JOIN scenarios.fct_stages t ON t.st = s.st
GROUP BY s.cell, COALESCE(t.stage, 'unknown')
UNION ALL
SELECT 'scenario', CAST(cell AS BIGINT), 'all', COUNT(*) * MAX(x_idiv(100, z.buckets)), MAX(z.buckets) < 100 FROM scenarios CROSS JOIN sizes z GROUP BY cell
UNION ALL
SELECT 'family', CAST(family AS BIGINT), 'all', COUNT(*) * MAX(x_idiv(100, z.buckets)), MAX(z.buckets) < 100 FROM families CROSS JOIN sizes z GROUP BY family
UNION ALL
SELECT 'channel', CAST(head AS BIGINT), 'all', COUNT(*) * MAX(x_idiv(100, z.buckets)), MAX(z.buckets) < 100 FROM channels CROSS JOIN sizes z GROUP BY head
