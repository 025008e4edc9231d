/*---
table: analytics.red_pipeline_ages
block: pipeline
grain: [sk, kind, to_sk, age, bucket]
reads: [analytics.fct_deal_spells, analytics.fct_deals, core.cfg_pipeline, scenarios.fct_window]
doc: >-
  Life table of the stays that were under way in the audited period, by days since the entry: how many come under observation at an age (those that began before the period from the
  first whole day of their life in it), leave to another stage, or are censored. A stay of 24 hours and a second is two days old. What happens after four horizons is not told apart: such stays are censored there.
max_rows: 5000000
columns:
  - {name: sk, type: int64, unit: "1", doc: "stage of the stay"}
  - {name: kind, type: string, doc: "enter: at risk from this age on; exit: leaves at this age; lost: censored after this age"}
  - {name: to_sk, type: int64, unit: "1", doc: "stage that it leaves to; -1 and -2: closed as won or lost by the outcome alone; 0 for enter and lost"}
  - {name: age, type: int64, unit: days, doc: "days since the entry into the stage, rounded up"}
  - {name: bucket, type: int64, unit: "1", doc: "bucket, 0..99"}
  - {name: n, type: int64, unit: stays, doc: "stays"}
---*/
WITH stays AS (
  SELECT s.sk, d.bucket, w.from_sec, w.to_sec, s.start_sec, 4 * c.horizon_days AS cap,
    CASE WHEN s.next_sk IS NOT NULL THEN s.next_sk WHEN d.by_outcome = 0 THEN 0 WHEN d.state = 'won' THEN -1 ELSE -2 END AS to_sk,
    CASE WHEN s.next_sk IS NOT NULL THEN s.end_sec WHEN d.by_outcome = 1 THEN d.last_sec ELSE w.to_sec END AS end_sec
  FROM analytics.fct_deal_spells s
  JOIN analytics.fct_deals d ON d.dk = s.dk
  CROSS JOIN scenarios.fct_window w CROSS JOIN core.cfg_pipeline c
),
aged AS (
  SELECT sk, bucket, to_sk, cap, CASE WHEN start_sec >= from_sec THEN 1 ELSE x_idiv(from_sec - start_sec + 86399, 86400) + 1 END AS entry,
    CASE WHEN to_sk = 0 THEN x_idiv(end_sec - start_sec, 86400) ELSE GREATEST(1, x_idiv(end_sec - start_sec + 86399, 86400)) END AS age
  FROM stays
  WHERE end_sec >= from_sec AND start_sec < to_sec
),
capped AS (
  SELECT sk, bucket, entry, CASE WHEN age > cap THEN 0 ELSE to_sk END AS to_sk, LEAST(age, cap) AS age
  FROM aged
  WHERE entry <= cap AND age >= entry
)
SELECT sk, 'enter' AS kind, 0 AS to_sk, entry AS age, bucket, COUNT(*) AS n FROM capped GROUP BY sk, entry, bucket
UNION ALL
SELECT sk, CASE WHEN to_sk = 0 THEN 'lost' ELSE 'exit' END AS kind, to_sk, age, bucket, COUNT(*) AS n FROM capped GROUP BY sk, to_sk, age, bucket
