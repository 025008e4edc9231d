/*---
table: scenarios.red_haz_collision
block: contact
grain: [day, ch, sk, st, score_class, dose, dose_5w, collided, collided_5w, bucket]
reads: [scenarios.fct_bulk_focal]
doc: >-
  Opt-outs through bulk messages that follow another bulk message of the last 7 days, by stratum (one mailing: day, channel and scenario; stage; tenth of engagement; number of bulk messages in those 7
  days) and whether the last of them came less than collision_seconds before; as the negative control the same of the moment five weeks earlier. Strata without any opt-out say nothing about an odds ratio
  and are left out. Buckets are folded to 50.
max_rows: 1500000
columns:
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day sent"}
  - {name: ch, type: int64, unit: "1", doc: "channel key"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key; 0 for messages of none"}
  - {name: st, type: int64, unit: "1", doc: "stage key; 0 where no stage is known"}
  - {name: score_class, type: int64, unit: "1", doc: "tenth of the engagement score, 0 lowest; equal scores are in one tenth"}
  - {name: dose, type: int64, unit: "messages", doc: "bulk messages in the 7 days before; 7 is 7 or more"}
  - {name: dose_5w, type: int64, unit: "messages", doc: "bulk messages 36 to 42 days before; 7 is 7 or more"}
  - {name: collided, type: bool, unit: "1", doc: "another bulk message less than decision.collision_hours before"}
  - {name: collided_5w, type: bool, unit: "1", doc: "the same of the moment five weeks earlier"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket, 0..49: two of the hundred in one"}
  - {name: n, type: int64, unit: "messages", doc: "bulk messages"}
  - {name: unsubscribed, type: int64, unit: "messages", doc: "of them with an unsubscribe"}
  - {name: complained, type: int64, unit: "messages", doc: "of them with a complaint"}
---*/
WITH totals AS (
  SELECT COUNT(*) AS n FROM scenarios.fct_bulk_focal HAVING COUNT(*) > 0
),
scores AS (
  SELECT score, COUNT(*) AS n FROM scenarios.fct_bulk_focal GROUP BY score
),
classes AS (
  SELECT s.score, x_idiv(10 * (2 * SUM(s.n) OVER (ORDER BY s.score NULLS LAST) - s.n), 2 * c.n) AS score_class
  FROM scores s CROSS JOIN totals c
),
focal AS (
  SELECT f.day, f.ch, f.sk, f.st, k.score_class, LEAST(f.bulk_7d, 7) AS dose, LEAST(f.bulk_5w, 7) AS dose_5w, f.collided, f.collided_5w, x_idiv(f.bucket, 2) AS bucket,
    COUNT(*) AS n, SUM(CASE WHEN f.unsubscribed THEN 1 ELSE 0 END) AS unsubscribed, SUM(CASE WHEN f.complained THEN 1 ELSE 0 END) AS complained
  FROM scenarios.fct_bulk_focal f JOIN classes k ON k.score = f.score
  WHERE f.bulk_7d > 0
  GROUP BY f.day, f.ch, f.sk, f.st, k.score_class, LEAST(f.bulk_7d, 7), LEAST(f.bulk_5w, 7), f.collided, f.collided_5w, x_idiv(f.bucket, 2)
),
telling AS (
  SELECT day, ch, sk, st, score_class, dose FROM focal GROUP BY day, ch, sk, st, score_class, dose HAVING SUM(unsubscribed) + SUM(complained) > 0
)
SELECT f.day, f.ch, f.sk, f.st, CAST(f.score_class AS INTEGER) AS score_class, CAST(f.dose AS INTEGER) AS dose, CAST(f.dose_5w AS INTEGER) AS dose_5w, f.collided, f.collided_5w,
  CAST(f.bucket AS INTEGER) AS bucket, f.n, f.unsubscribed, f.complained
FROM focal f
JOIN telling t ON t.day = f.day AND t.ch = f.ch AND t.sk = f.sk AND t.st = f.st AND t.score_class = f.score_class AND t.dose = f.dose
