/*---
table: scenarios.red_haz
block: contact
grain: [week, st, score_class, high, high_5w, bucket]
reads: [scenarios.fct_bulk_focal]
doc: >-
  Opt-outs through bulk messages by stratum (week, stage, tenth of engagement), bulk pressure of the last 7 days and, as the negative control, of the 7 days five weeks
  earlier. High is more than the mean of all, printed as high_from. Strata without any opt-out say nothing about an odds ratio and are left out. Buckets are
  folded to 50.
max_rows: 3000000
columns:
  - {name: week, type: int64, unit: "1", doc: "weeks since Monday 1970-01-05"}
  - {name: st, type: int64, unit: "1", doc: "stage key; 0 where no stage is known"}
  - {name: score_class, type: int64, unit: "1", doc: "tenth of the engagement score, 0 lowest; equal scores are in one tenth"}
  - {name: high, type: bool, unit: "1", doc: "bulk_7d is high_from or more"}
  - {name: high_5w, type: bool, unit: "1", doc: "bulk_5w is high_from or more"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket, 0..49: two of the hundred in one"}
  - {name: high_from, type: int64, unit: "messages", doc: "high is from so many bulk messages in 7 days on: the mean, rounded down, plus 1"}
  - {name: n, type: int64, unit: "messages", doc: "bulk messages"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "of them with an unsubscribe"}
  - {name: complained, type: int64, unit: "messages", doc: "of them with a complaint"}
---*/
WITH cut AS (
  SELECT x_idiv(SUM(bulk_7d), COUNT(*)) + 1 AS high_from, COUNT(*) AS n FROM scenarios.fct_bulk_focal HAVING COUNT(*) > 0
),
scores AS (
  SELECT score, COUNT(*) AS n FROM scenarios.fct_bulk_focal GROUP BY score
),
classes AS (
  SELECT s.score, x_idiv(10 * (2 * SUM(s.n) OVER (ORDER BY s.score NULLS LAST) - s.n), 2 * c.n) AS score_class
  FROM scores s CROSS JOIN cut c
),
focal AS (
  SELECT f.week, f.st, k.score_class, f.bulk_7d >= c.high_from AS high, f.bulk_5w >= c.high_from AS high_5w, x_idiv(f.bucket, 2) AS bucket, c.high_from,
    COUNT(*) AS n, SUM(CASE WHEN f.unsubscribed THEN 1 ELSE 0 END) AS unsubscribed, SUM(CASE WHEN f.complained THEN 1 ELSE 0 END) AS complained
  FROM scenarios.fct_bulk_focal f JOIN classes k ON k.score = f.score CROSS JOIN cut c
  GROUP BY f.week, f.st, k.score_class, f.bulk_7d >= c.high_from, f.bulk_5w >= c.high_from, x_idiv(f.bucket, 2), c.high_from
),
telling AS (
  SELECT week, st, score_class FROM focal GROUP BY week, st, score_class HAVING SUM(unsubscribed) + SUM(complained) > 0
)
SELECT f.week, f.st, CAST(f.score_class AS INTEGER) AS score_class, f.high, f.high_5w, CAST(f.bucket AS INTEGER) AS bucket, CAST(f.high_from AS INTEGER) AS high_from, f.n,
  f.unsubscribed, f.complained
FROM focal f JOIN telling t ON t.week = f.week AND t.st = f.st AND t.score_class = f.score_class
