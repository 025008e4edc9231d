/*---
table: scenarios.fct_dup_scope
block: duplicates
grain: [sk]
reads: [scenarios.fct_entries, scenarios.fct_messages, scenarios.fct_scenarios, scenarios.fct_window]
doc: >-
  The scenarios that are compared with each other, the 1,000 with the most entries, and how many buckets of customers are looked at, so that large scenarios cost no more than it takes to know their shares: for messages as many as give some 10,000 entries (of
  a calendar campaign 20,000 messages); for shared person-time all, but of calendar campaigns, of which every message is an entry, as many as give some two
  million entries of all campaigns together, and never fewer than 20; for goals as many as give some 200,000 entries, and never fewer than 20.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: bulk, type: bool, unit: "1", doc: "a calendar campaign"}
  - {name: entries, type: int64, unit: "entries", doc: "entries within the audited window, control arm included"}
  - {name: time_buckets, type: int64, unit: "buckets", doc: "buckets 0 to this minus 1 are looked at for person-time"}
  - {name: goal_buckets, type: int64, unit: "buckets", doc: "the same for goals"}
  - {name: message_buckets, type: int64, unit: "buckets", doc: "the same for messages"}
---*/
WITH parts AS (
  SELECT e.sk, COUNT(*) AS entries, SUM(CASE WHEN e.control THEN 0 ELSE 1 END) AS treated
  FROM scenarios.fct_entries e CROSS JOIN scenarios.fct_window w
  WHERE e.entered_day >= w.from_day AND e.entered_day < w.to_day
  GROUP BY e.sk
  UNION ALL
  SELECT m.sk, COUNT(*), COUNT(*)
  FROM scenarios.fct_messages m CROSS JOIN scenarios.fct_window w
  WHERE m.campaign AND m.day >= w.from_day AND m.day < w.to_day
  GROUP BY m.sk
),
counted AS (
  SELECT sk, CAST(SUM(entries) AS BIGINT) AS entries, CAST(SUM(treated) AS BIGINT) AS treated FROM parts GROUP BY sk
),
largest AS (
  SELECT s.sk, s.bulk, COALESCE(c.entries, 0) AS entries, COALESCE(c.treated, 0) AS treated,
    ROW_NUMBER() OVER (ORDER BY COALESCE(c.entries, 0) DESC NULLS LAST, s.sk NULLS LAST) AS place
  FROM scenarios.fct_scenarios s LEFT JOIN counted c ON c.sk = s.sk
  WHERE s.enrolled OR s.messaged
),
campaigns AS (
  SELECT CAST(COALESCE(SUM(entries), 0) AS BIGINT) AS entries FROM largest WHERE bulk
)
SELECT s.sk, s.bulk, s.entries,
  CASE WHEN s.bulk THEN LEAST(100, GREATEST(20, x_idiv(200000000, b.entries + 1))) ELSE 100 END AS time_buckets,
  LEAST(100, GREATEST(20, x_idiv(20000000, s.treated + 1) + 1)) AS goal_buckets,
  LEAST(100, x_idiv(CASE WHEN s.bulk THEN 2000000 ELSE 1000000 END, s.treated + 1) + 1) AS message_buckets
FROM largest s
CROSS JOIN campaigns b
WHERE s.place <= 1000
